"""The class of a script that changes texts at random while training."""

from __future__ import annotations

_START = '''\
@keras.saving.register_keras_serializable()
class RandomTokens(layers.Layer):
    """Replaces, swaps and deletes tokens while training; 0 is padding."""

    def __init__(
        self,
        delete=0.1,
        swap=0.1,
        replace=0.1,
        synonyms=(),
        groups=(),
        seed=None,
        **options,
    ) -> None:
        super().__init__(**options)
        self.delete, self.swap, self.replace = delete, swap, replace
        self.synonyms, self.groups = list(synonyms), [list(each) for each in groups]
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def adapt(self, lookup) -> None:
        """Learn the numbers of the synonyms from the layer that numbers words."""
        self.groups = []
        for text in self.synonyms:
            words = text.replace(",", " ").replace("，", " ").split()
            rows = lookup(tf.constant(words)[:, None]).numpy() if words else []
            known = [int(row[0]) for row in rows if row[0] > 1 and not row[1:].any()]
            if len(set(known)) > 1:
                self.groups.append(list(dict.fromkeys(known)))

    def call(self, tokens, training=None):
        if not training:
            return tokens
        return self.deleted(self.swapped(self.replaced(tokens)))

    def draw(self, tokens):
        return keras.random.uniform(
            keras.ops.shape(tokens), dtype="float32", seed=self.seed_generator
        )

    def replaced(self, tokens):
        """Tokens with synonyms, replaced by one of their group."""
        if not self.groups or not self.replace:
            return tokens
        most = max(map(len, self.groups))
        members = np.zeros((max(map(max, self.groups)) + 1, most), "int32")
        sizes = np.zeros(len(members), "int32")
        for group in self.groups:
            members[group, : len(group)] = group
            sizes[group] = len(group)
        chosen, which = self.draw(tokens), self.draw(tokens)
        known = tf.cast(tf.minimum(tokens, len(sizes) - 1), tf.int32)
        size = tf.where(tokens < len(sizes), tf.gather(sizes, known), 0)
        place = tf.cast(tf.floor(which * tf.cast(size, tf.float32)), tf.int32)
        other = tf.gather(members.reshape(-1), known * most + place)
        wanted = (chosen < self.replace) & (size > 0)
        return tf.where(wanted, tf.cast(other, tokens.dtype), tokens)

    def swapped(self, tokens):
        """Some tokens in the place of the next one."""
        following = tf.pad(tokens[:, 1:], [[0, 0], [0, 1]])
        drawn = (self.draw(tokens) < self.swap) & (following > 0)
        swaps = drawn & ~tf.pad(drawn[:, :-1], [[0, 0], [1, 0]])
        moved = tf.pad(swaps[:, :-1], [[0, 0], [1, 0]])
        preceding = tf.pad(tokens[:, :-1], [[0, 0], [1, 0]])
        return tf.where(swaps, following, tf.where(moved, preceding, tokens))

    def deleted(self, tokens):
        """The tokens that stay, moved together; at least one of each text."""
        drawn = tf.where(tokens > 0, self.draw(tokens), -1.0)
        most = tf.reduce_max(drawn, axis=1, keepdims=True)
        stays = ((drawn >= self.delete) | (drawn == most)) & (tokens > 0)
        length = tf.shape(tokens)[1]
        places = tf.range(length)[None]
        order = tf.argsort(tf.where(stays, places, places + length), axis=1)
        kept = tf.where(stays, tokens, tf.zeros_like(tokens))
        return tf.gather(kept, order, batch_dims=1)

    def get_config(self):
        return {
            **super().get_config(),
            "delete": self.delete,
            "swap": self.swap,
            "replace": self.replace,
            "synonyms": self.synonyms,
            "groups": self.groups,
            "seed": self.seed,
        }'''


def random_tokens_rows() -> list[str]:
    """The lines of the class."""
    return ["", "", *_START.splitlines()]
