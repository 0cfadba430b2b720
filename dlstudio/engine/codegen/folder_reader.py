"""The functions of a script that list, split and read images in folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dlstudio.data.samples import TEST, VALIDATION
from dlstudio.document.plan import IMAGE, LABEL
from dlstudio.document.project import Project
from dlstudio.engine.codegen.column_loops import comment, list_rows
from dlstudio.engine.codegen.literals import INDENT, quoted
from dlstudio.engine.codegen.script_folder import FolderListing, ScriptFolder
from dlstudio.engine.codegen.split_writer import held_out_rows
from dlstudio.engine.features.image_script import decoder_name

RANDOM = (
    "ranks = [",
    f"{INDENT}hashlib.blake2b(name.encode(), digest_size=16, key=key).digest()",
    f"{INDENT}for name in images",
    "]",
    "groups = [[place for place in each if free[place]] for each in copies.values()]",
    "groups = [group for group in groups if group]",
    "groups.sort(key=lambda group: min(ranks[place] for place in group))",
)
"""See `dlstudio.data.split._units`."""


def listing_rows(project: Project, listing: FolderListing) -> list[str]:
    """The lines of `list_images`."""
    recipe = project.data
    loops, depth = _listing_loops(listing)
    inner = depth * INDENT
    known = ", ".join(quoted(each) for each in listing.suffixes)
    classes = bool(listing.samples.classes)
    what = "The class of each image that is used, by its path in FOLDER."
    if not classes:
        what = "The paths in FOLDER of all images that are used; no classes."
    rows = [
        "",
        "",
        "def list_images() -> dict[str, str]:",
        f'{INDENT}"""{what}"""',
        f"{INDENT}images = {{}}",
        *(INDENT + row for row in loops),
        f"{INDENT}{inner}if path.suffix.lower() in [{known}]:",
        f"{2 * INDENT}{inner}images[path.relative_to(FOLDER).as_posix()] = "
        + ("name" if classes else '""'),
    ]
    present = set(listing.samples.ids)
    rows += _without("Hidden files, and files that are no images.", listing.no_samples)
    rows += _without("Images that were left out by hand.", sorted(recipe.leave_out))
    changed = {
        name: str(label)
        for name, label in sorted(recipe.changed_values(LABEL).items())
        if name in present
    }
    if changed:
        rows += comment("Images that were given another class by hand.")
        rows += _dictionary("images |= ", changed)
    return [*rows, f"{INDENT}return dict(sorted(images.items()))"]


def _listing_loops(listing: FolderListing) -> tuple[list[str], int]:
    """Loops over each `path`, and `name` of the class, and how deep they are nested."""
    classes = bool(listing.samples.classes)
    tops = [top for top, split in listing.tops.items() if classes or not split]
    rows: list[str] = []
    steps = ["FOLDER"]
    if tops != [""]:
        rows += _loop(tops)
        steps.append("top")
    if classes:
        rows.append((len(steps) - 1) * INDENT + f'for name in NAMES["{LABEL}"]:')
        steps.append("name")
    place = " / ".join(steps)
    place = f"({place})" if len(steps) > 1 else place
    rows.append((len(steps) - 1) * INDENT + f'for path in {place}.rglob("*"):')
    return rows, len(steps)


def _loop(tops: Sequence[str]) -> list[str]:
    return list_rows("for top in ", map(quoted, tops), ":")


def _without(why: str, names: Sequence[str]) -> list[str]:
    """Statements that take images from the list."""
    if not names:
        return []
    return [
        *comment(why),
        *list_rows(f"{INDENT}for path in ", map(quoted, names), ":"),
        f"{2 * INDENT}images.pop(path, None)",
    ]


def _dictionary(start: str, pairs: Mapping[str, str], end: str = "") -> list[str]:
    """A dictionary of texts with a line for each."""
    return [
        f"{INDENT}{start}{{",
        *(f"{2 * INDENT}{quoted(a)}: {quoted(b)}," for a, b in pairs.items()),
        f"{INDENT}}}{end}",
    ]


def image_split_rows(project: Project, listing: FolderListing) -> list[str]:
    """The lines of `split_images`, and of the function it needs.

    The rules are those of `dlstudio.data.split`.
    """
    plan = project.data.split
    shares = {VALIDATION: plan.validation, TEST: plan.test}
    body = [
        'split = np.full(len(images), "train", dtype="<U10")',
        "copies = {}  # copies of an image stay together",
        "for place, name in enumerate(images):",
        f"{INDENT}content = hashlib.sha256((FOLDER / name).read_bytes()).digest()",
        f"{INDENT}copies.setdefault(content, []).append(place)",
    ]
    if plan.mode == "folders":
        given = {top: name for top, name in listing.tops.items() if top and name}
        present = set(listing.samples.splits.tolist()) - {""}
        shares = {name: s for name, s in shares.items() if name not in present}
        if given:
            body += [row.removeprefix(INDENT) for row in _dictionary("given = ", given)]
            body += [
                "for top, name in given.items():",
                f'{INDENT}split[[each.startswith(f"{{top}}/") for each in images]]'
                " = name",
            ]
    functions: list[str] = []
    if any(shares.values()):
        functions = [row.replace(" rows ", " images ") for row in held_out_rows(shares)]
        classes = bool(listing.samples.classes)
        body += _random(plan.seed, plan.stratify and classes)
    present_ids = set(listing.samples.ids)
    moved = {
        name: to
        for name, to in sorted(project.data.moved.items())
        if name in present_ids and to in ("train", VALIDATION, TEST)
    }
    if moved:
        body.append("# Images that were put into another split by hand, with copies.")
        rows = _dictionary("moved = ", moved)
        body += [row.removeprefix(INDENT) for row in rows]
        body += [
            "places = {name: place for place, name in enumerate(images)}",
            "together = {place: each for each in copies.values() for place in each}",
            "for name, to in moved.items():",
            f"{INDENT}split[together[places[name]]] = to",
        ]
    body += [
        f'names = ["train", "{VALIDATION}", "{TEST}"]',
        "return {name: np.flatnonzero(split == name) for name in names}",
    ]
    why = "Places of the images of each split, the same on every machine."
    return [
        *functions,
        "",
        "",
        "def split_images(images: dict[str, str]) -> dict[str, np.ndarray]:",
        f'{INDENT}"""{why}"""',
        *(INDENT + row for row in body),
    ]


def _random(seed: int, stratify: bool) -> list[str]:
    """Images are held out in the order of hashes of their paths."""
    rows = [
        'free = split == "train"',
        f'key = hashlib.sha256(b"{seed}").digest()',
        *RANDOM,
    ]
    if stratify:
        rows += [
            "# Each class is split in the same proportions.",
            "classes, strata = list(images.values()), {}",
            "for group in groups:",
            f"{INDENT}strata.setdefault(classes[group[0]], []).append(group)",
            "for groups in strata.values():",
        ]
    hold = [
        "room = held_out(sum(map(len, groups)))",
        "for group in groups:",
        f"{INDENT}fits = [name for name in room if len(group) <= room[name]]",
        f"{INDENT}if fits:",
        f"{2 * INDENT}split[group] = fits[0]",
        f"{2 * INDENT}room[fits[0]] -= len(group)",
    ]
    return [*rows, *(INDENT * stratify + row for row in hold)]


def image_prepare_rows(project: Project, folder: ScriptFolder) -> list[str]:
    """The lines of the functions that read images, and of `prepare`."""
    channels = folder.spec.channels
    differences = (
        "dlstudio gives the same pixels, except that it turns photos upright as their "
        "EXIF data says, decodes large JPEG files at a half, quarter or eighth of "
        "their size, "
        + ("puts transparent pixels on white, " if channels != 4 else "")
        + ("makes grey of colours by ITU-R 601-2, " if channels == 1 else "")
        + "and leaves out files that are damaged, at which this stops."
    )
    decoder = folder.scripts[IMAGE].helpers[0]
    rows = [
        *("", "", *decoder),
        "",
        "",
        "def read_images(names: list[str]) -> np.ndarray:",
        f'{INDENT}"""All images, decoded once: uint8 (n, height, width, channels)."""',
        *comment(differences),
        f"{INDENT}paths = [str(FOLDER / name) for name in names]",
        f"{INDENT}files = tf.data.Dataset.from_tensor_slices(paths)",
        f"{INDENT}pixels = files.map(",
        f"{2 * INDENT}lambda path: {decoder_name(folder.spec)}(tf.io.read_file(path)),",
        f"{2 * INDENT}num_parallel_calls=tf.data.AUTOTUNE,",
        f"{INDENT})",
        f"{INDENT}return np.stack(list(pixels.as_numpy_iterator()))",
        "",
        "",
        "def prepare(images: dict[str, str]) -> tuple[dict, ...]:",
        f'{INDENT}"""What enters the model, and what it is to predict."""',
        f'{INDENT}inputs = {{"{IMAGE}": read_images(list(images))}}',
    ]
    if project.output.feature == IMAGE:
        return [*rows, f"{INDENT}return inputs, inputs  # each image is its own target"]
    return [
        *rows,
        f'{INDENT}places = {{name: place for place, name in enumerate(NAMES["{LABEL}"])'
        "}",
        f"{INDENT}numbers = [places[name] for name in images.values()]",
        f'{INDENT}return inputs, {{"{LABEL}": np.array(numbers, "int32")}}',
    ]
