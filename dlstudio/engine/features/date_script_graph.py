"""The functions of a script that read dates from texts in the exported model.

They read one format, that of the table, where `date_graph` reads all.
"""

from __future__ import annotations

MONTH_NUMBERS = (
    "def month_numbers(texts: tf.Tensor) -> tf.Tensor:",
    '    """Dates with the numbers of months in place of their names."""',
    '    names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"',
    "    for number, name in enumerate(names.split(), 1):",
    '        name = rf"(?i)\\b{name}[a-z]*"',
    "        texts = tf.strings.regex_replace(texts, name, str(number))",
    "    return texts",
)
FULL_YEARS = (
    "def full_years(texts: tf.Tensor) -> tf.Tensor:",
    '    """Dates with all digits of the years at their end."""',
    '    texts = tf.strings.regex_replace(texts, r"\\b(69|[7-9]\\d)$", r"19\\1")',
    '    return tf.strings.regex_replace(texts, r"\\b(\\d\\d)$", r"20\\1")',
)
YEAR_START = (
    "def year_start(year: tf.Tensor) -> tf.Tensor:",
    '    """Days from 1970-01-01 to the first day of a year."""',
    "    past = year - 1",
    "    leap = past // 4 - past // 100 + past // 400",
    "    return 365 * (year - 1970) + leap - 477  # leap years before 1970",
)
DAYS_OF_TEXTS = (
    "def days_of_texts(texts: tf.Tensor, form: str) -> tf.Tensor:",
    '    """As `days_of`, for the exported model: dates as they are in the table."""',
    '    fields = re.findall(r"%(\\w)", form)',
    '    pattern = form.replace(".", r"\\.").replace("%Y", r"(\\d{4})")',
    '    pattern = pattern.replace("%S", r"(\\d{2}(?:\\.\\d+)?)")',
    '    pattern = re.sub(r"%\\w", r"(\\\\d{1,2})", pattern)',
    "    texts = tf.strings.strip(texts)",
    "    known = tf.strings.regex_full_match(texts, pattern)",
    "",
    "    def number_of(field: str, default: float) -> tf.Tensor:",
    "        if field not in fields:",
    "            return tf.fill(tf.shape(texts), tf.constant(default, tf.float64))",
    "        place = fields.index(field) + 1",
    '        number = tf.strings.regex_replace(texts, pattern, rf"\\{place}")',
    '        return tf.strings.to_number(tf.where(known, number, "1"), tf.float64)',
    "",
    '    year, month, day = (number_of(each, 1.0) for each in "Ymd")',
    '    hour, minute, second = (number_of(each, 0.0) for each in "HMS")',
    "    lengths = [31.0, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]",
    "    place = tf.cast(tf.clip_by_value(month, 1, 12), tf.int32) - 1",
    "    leap = year_start(year + 1) - year_start(year) - 365",
    "    length = tf.gather(tf.constant(lengths, tf.float64), place)",
    "    length += leap * tf.cast(month == 2, tf.float64)",
    "    start = tf.gather(np.cumsum([0.0, *lengths[:-1]]), place)",
    "    start += year_start(year) + leap * tf.cast(month > 2, tf.float64)",
    "    days = start + day - 1 + (hour * 3600 + minute * 60 + second) / 86_400",
    "    known &= (1 <= month) & (month <= 12) & (1 <= day) & (day <= length)",
    '    blank = texts == ""',
    '    tf.debugging.Assert(tf.reduce_all(known | blank), ["no dates:", texts])',
    "    return tf.where(known, days, np.nan)",
)
CALENDAR_OF_DAYS = (
    "def calendar_of_days(days: tf.Tensor) -> tf.Tensor:",
    '    """As `calendar`, for the exported model."""',
    "    whole = tf.floor(days)",
    "    time = days - whole",
    "    year = whole // 365.2425 + 1970  # or the one before or behind",
    "    year -= tf.cast(whole < year_start(year), tf.float64)",
    "    year += tf.cast(whole >= year_start(year + 1), tf.float64)",
    "    start = year_start(year)",
    "    part = (days - start) / (year_start(year + 1) - start)",
    "    places = (part, (days + 3) / 7, time)",
    "    waves = [",
    "        wave(2 * np.pi * place) for place in places for wave in (tf.sin, tf.cos)",
    "    ]",
    "    return tf.cast(tf.stack([whole, time, *waves], axis=1), tf.float32)",
)
