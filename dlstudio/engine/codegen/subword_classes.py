"""The classes of a script that split words into subwords, as `engine.model` does."""

from __future__ import annotations

from dlstudio.data.word_pieces import ALONE, BLANKS, LONGEST_WORD
from dlstudio.engine.model.kinds import BYTE_PAIR, WORD_PIECE

_BASE = f'''\
class SubwordLayer(layers.Layer):
    """Splits texts into subwords and gives their numbers.

    0 is padding, 1 is unknown. Learning subwords needs `pip install tokenizers`.
    """

    def __init__(
        self,
        max_tokens=8000,
        output_sequence_length=None,
        lowercase=True,
        vocabulary=None,
        **options,
    ) -> None:
        super().__init__(**options)
        self.max_tokens = max_tokens
        self.output_sequence_length = output_sequence_length
        self.lowercase = lowercase
        self.vocabulary = []
        self.supports_jit = False
        self._convert_input_args = False  # strings are not cast
        if vocabulary:
            self.set_vocabulary(vocabulary)

    def standardized(self, texts):
        """Texts with a blank between words; signs and characters stand alone."""
        texts = tf.reshape(texts, (-1,))
        if self.lowercase:
            texts = tf.strings.lower(texts, encoding="utf-8")
        alone = r"{ALONE}"
        texts = tf.strings.regex_replace(texts, alone, r" \\1 ")
        return tf.strings.regex_replace(texts, r"{BLANKS}", " ")

    def trained(self, model, trainer, rows):
        """A tokenizer that has learned subwords of texts, and these texts."""
        import tokenizers

        plain = self.standardized(rows).numpy()
        texts = [each.decode("utf-8", "replace") for each in plain if each.strip()]
        tokenizer = tokenizers.Tokenizer(model)
        tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
        tokenizer.train_from_iterator(texts, trainer(texts))
        return tokenizer

    def build(self, shape) -> None:
        self.built = True

    def call(self, texts):
        words = tf.strings.split(self.standardized(texts))
        different, places = tf.unique(words.flat_values, out_idx=tf.int64)
        table = self.subwords(different)
        parts = tf.ragged.boolean_mask(table, table >= 0)
        found = words.with_flat_values(tf.gather(parts, places)).merge_dims(1, 2)
        return found.to_tensor(0, shape=(None, self.output_sequence_length))

    def compute_output_spec(self, texts):
        shape = (texts.shape[0], self.output_sequence_length)
        return keras.KerasTensor(shape, dtype="int64")

    def get_config(self):
        return {{
            **super().get_config(),
            "max_tokens": self.max_tokens,
            "output_sequence_length": self.output_sequence_length,
            "lowercase": self.lowercase,
            "vocabulary": list(self.vocabulary),
        }}'''

_WORD_PIECE = f'''\
@keras.saving.register_keras_serializable()
class WordPiece(SubwordLayer):
    """Splits words into the longest pieces that it knows, from the left."""

    def set_vocabulary(self, vocabulary) -> None:
        """Use these pieces, in the order of their numbers."""
        self.vocabulary = list(vocabulary)
        pieces = self.vocabulary[2:]
        self.longest = max((len(each.removeprefix("##")) for each in pieces), default=1)
        numbers = tf.range(2, len(self.vocabulary), dtype=tf.int64)
        with tf.init_scope():
            known = tf.lookup.KeyValueTensorInitializer(
                tf.constant(pieces, tf.string), numbers
            )
            self.table = tf.lookup.StaticHashTable(known, -1)

    def adapt(self, rows) -> None:
        """Learn pieces from texts."""
        from tokenizers import models, trainers

        def trainer(texts):
            words = {{word for text in texts for word in text.split()}}
            inside = {{each for word in words for each in word[1:]}}
            return trainers.WordPieceTrainer(
                vocab_size=self.max_tokens,
                special_tokens=["[PAD]", "[UNK]", *("##" + e for e in sorted(inside))],
                continuing_subword_prefix="##",
                show_progress=False,
            )

        model = models.WordPiece(unk_token="[UNK]")
        numbers = self.trained(model, trainer, rows).get_vocab()
        self.set_vocabulary(sorted(numbers, key=numbers.get))

    def subwords(self, words):
        """The numbers of the pieces of each word; -1 behind the last one."""
        lengths = tf.strings.length(words, unit="UTF8_CHAR")
        unknown = lengths > {LONGEST_WORD}
        places = tf.where(unknown, lengths, 0)
        found = tf.zeros((tf.shape(words)[0], 0), tf.int64)

        def unfinished(places, unknown, found):
            return tf.reduce_any(places < lengths)

        def step(places, unknown, found):
            rows = tf.where(places < lengths)
            at = rows[:, 0]
            left = tf.gather(lengths, at) - tf.gather(places, at)
            starts = tf.gather(places, at)
            numbers, sizes = self.longest_piece(tf.gather(words, at), starts, left)
            lost = numbers < 0
            unknown = tf.tensor_scatter_nd_update(unknown, rows, lost)
            places = tf.tensor_scatter_nd_add(places, rows, tf.where(lost, left, sizes))
            none = tf.fill((tf.shape(words)[0],), tf.constant(-1, tf.int64))
            column = tf.tensor_scatter_nd_update(none, rows, numbers)
            return places, unknown, tf.concat([found, column[:, None]], axis=1)

        shapes = (tf.TensorShape([None]),) * 2 + (tf.TensorShape([None, None]),)
        _, unknown, found = tf.while_loop(
            unfinished, step, (places, unknown, found), shape_invariants=shapes
        )
        found = tf.where(unknown[:, None], tf.constant(-1, tf.int64), found)
        first = tf.where(unknown, tf.constant(1, tf.int64), tf.constant(-1, tf.int64))
        return tf.concat([first[:, None], found], axis=1)

    def longest_piece(self, words, places, left):
        """Number and size of the longest piece at a place of each word."""
        sizes = tf.range(self.longest, 0, -1)
        shape = (tf.shape(words)[0], self.longest)
        pieces = tf.strings.substr(
            tf.broadcast_to(words[:, None], shape),
            tf.broadcast_to(places[:, None], shape),
            tf.broadcast_to(sizes[None], shape),
            unit="UTF8_CHAR",
        )
        prefix = tf.broadcast_to(tf.where(places > 0, "##", "")[:, None], shape)
        numbers = self.table.lookup(tf.strings.join([prefix, pieces]))
        first = tf.argmax(tf.cast(numbers >= 0, tf.int32), axis=1)
        sizes = tf.minimum(tf.gather(sizes, first), left)
        return tf.gather(numbers, first, batch_dims=1), sizes'''

_BYTE_PAIR = f'''\
@keras.saving.register_keras_serializable()
class BytePair(SubwordLayer):
    """Splits words into characters, and merges neighbors in the order it learned."""

    NEVER = 2**31 - 1  # the rank of what is not merged

    def __init__(self, merges=None, vocabulary=None, **options) -> None:
        super().__init__(**options)
        if vocabulary:
            self.set_merges(vocabulary, merges or [])

    def set_merges(self, vocabulary, merges) -> None:
        """Use these subwords, in the order of their numbers, and these merges."""
        self.vocabulary, self.merges = list(vocabulary), list(merges)
        numbers = {{each: n for n, each in enumerate(self.vocabulary) if n > 1}}
        pairs = [each.split(" ") for each in self.merges]
        keys = [numbers[a] * len(self.vocabulary) + numbers[b] for a, b in pairs]
        self.merged = tf.constant([numbers[a + b] for a, b in pairs] + [1], tf.int64)
        with tf.init_scope():
            places, order = list(numbers.values()), list(range(len(keys)))
            self.characters = self.table(tf.string, [*numbers, ""], places, 1)
            self.ranks = self.table(tf.int64, [*keys, -1], order, self.NEVER)

    def adapt(self, rows) -> None:
        """Learn subwords and merges from texts."""
        import json

        from tokenizers import models, trainers

        def trainer(texts):
            last = {{word[-1] for text in texts for word in text.split()}}
            return trainers.BpeTrainer(
                vocab_size=self.max_tokens,
                special_tokens=["[PAD]", "[UNK]", *(e + "</w>" for e in sorted(last))],
                end_of_word_suffix="</w>",
                show_progress=False,
            )

        model = models.BPE(unk_token="[UNK]", end_of_word_suffix="</w>")
        learned = json.loads(self.trained(model, trainer, rows).to_str())["model"]
        words = sorted(learned["vocab"], key=learned["vocab"].get)
        self.set_merges(words, [" ".join(pair) for pair in learned["merges"]])

    def get_config(self):
        return {{**super().get_config(), "merges": getattr(self, "merges", None)}}

    def subwords(self, words):
        """The numbers of the subwords of each word; -1 behind the last one."""
        lengths = tf.strings.length(words, unit="UTF8_CHAR")
        long = lengths > {LONGEST_WORD}
        letters = tf.strings.unicode_split(tf.where(long, "", words), "UTF-8")
        counts, plain = letters.row_lengths(), letters.to_tensor("")
        width = tf.shape(plain, tf.int64)[1]
        ends = tf.range(1, width + 1)[None] == counts[:, None]
        found = self.characters.lookup(plain + tf.where(ends, "</w>", ""))
        inside = tf.sequence_mask(counts, width)
        found = tf.where(inside, found, tf.constant(-1, tf.int64))
        (found,) = tf.while_loop(
            lambda tokens: tf.reduce_any(self.pair_ranks(tokens) < self.NEVER),
            lambda tokens: (self.merge(tokens),),
            (found,),
            (tf.TensorShape([None, None]),),
        )
        first = tf.where(long, tf.constant(1, tf.int64), tf.constant(-1, tf.int64))
        return tf.concat([first[:, None], found], axis=1)

    def pair_ranks(self, tokens):
        """When each token is merged with the next one."""
        before, behind = tokens[:, :-1], tokens[:, 1:]
        ranks = self.ranks.lookup(before * len(self.vocabulary) + behind)
        none = tf.constant(self.NEVER, tf.int64)
        return tf.where((before < 0) | (behind < 0), none, ranks)

    def merge(self, tokens):
        """Merge the pair of lowest rank in each word."""
        ranks = self.pair_ranks(tokens)
        best, width = tf.reduce_min(ranks, axis=1), tf.shape(tokens, tf.int64)[1]
        changes = best < self.NEVER
        columns = tf.range(width)[None]
        at = tf.where(changes, tf.argmin(ranks, axis=1), width)[:, None]
        new = tf.gather(self.merged, tf.where(changes, best, 0))[:, None]
        merged = tf.where(columns == at, new, tokens)
        none = tf.fill((tf.shape(tokens)[0], 1), tf.constant(-1, tf.int64))
        moved = tf.concat([merged[:, 1:], none], axis=1)
        found = tf.where(columns > at, moved, merged)
        full = tf.reduce_any(found[:, -1] >= 0)
        return tf.cond(full, lambda: found, lambda: found[:, :-1])

    def table(self, dtype, keys, values, default):
        """A table of whole numbers; the last key is one that is never asked for."""
        known = tf.lookup.KeyValueTensorInitializer(
            tf.constant(keys, dtype), tf.constant([*values, default], tf.int64)
        )
        return tf.lookup.StaticHashTable(known, default)'''


def subword_rows(kinds: set[str]) -> list[str]:
    """The lines of the classes for kinds of layers; [] if none splits words.

    Args:
        kinds: Of the layers of a script.
    """
    classes = {WORD_PIECE: _WORD_PIECE, BYTE_PAIR: _BYTE_PAIR}
    used = [text for kind, text in classes.items() if kind in kinds]
    found = [_BASE, *used] if used else []
    return [row for text in found for row in ("", "", *text.splitlines())]
