"""The function of a script that splits images as the project does.

The rules are those of `dlstudio.data.split`.
"""

from __future__ import annotations

import re

from dlstudio.data.samples import TEST, VALIDATION
from dlstudio.document.plan import LABEL, Split
from dlstudio.document.project import Project
from dlstudio.engine.codegen.column_loops import comment
from dlstudio.engine.codegen.image_listing import (
    ImageListing,
    dictionary_rows,
    moved_samples,
)
from dlstudio.engine.codegen.literals import INDENT, quoted
from dlstudio.engine.codegen.split_writer import held_out_rows

RANKED = (
    "ranks = [",
    f"{INDENT}hashlib.blake2b(name.encode(), digest_size=16, key=key).digest()",
    f"{INDENT}for name in images",
    "]",
    "free_groups = [[place for place in each if free[place]] for each in groups]",
    "free_groups = [each for each in free_groups if each]",
    "free_groups.sort(key=lambda each: min(ranks[place] for place in each))",
)
"""See `dlstudio.data.split._units`."""
HELD_OUT = (
    "room = held_out(sum(map(len, stratum)))",
    "for each in stratum:",
    f"{INDENT}fits = [name for name in room if len(each) <= room[name]]",
    f"{INDENT}if fits:",
    f"{2 * INDENT}split[each] = fits[0]",
    f"{2 * INDENT}room[fits[0]] -= len(each)",
)
"""See `dlstudio.data.split._fill`."""


def image_split_rows(project: Project, listing: ImageListing) -> list[str]:
    """The lines of `split_images`, and of the function it needs."""
    plan = project.data.split
    shares = _shares(plan, listing)
    moved = moved_samples(project, listing.samples)
    body = ['split = np.full(len(images), "train", dtype="<U10")']
    if plan.mode == "folders":
        body += _given_rows(listing)
    if any(shares.values()) or moved:
        body += _group_rows(plan, listing)
    functions: list[str] = []
    if any(shares.values()):
        functions = [row.replace(" rows ", " images ") for row in held_out_rows(shares)]
        body += _random_rows(plan, listing)
    if moved:
        body.append("# Images that were put into another split by hand, with copies.")
        quotes = {name: quoted(to) for name, to in moved.items()}
        body += dictionary_rows("moved = ", quotes, "")
        body += [
            "together = {place: each for each in groups for place in each}",
            "for place, name in enumerate(images):",
            f"{INDENT}if name in moved:",
            f"{2 * INDENT}split[together[place]] = moved[name]",
        ]
    body += [
        f'names = ["train", "{VALIDATION}", "{TEST}"]',
        "return {name: np.flatnonzero(split == name) for name in names}",
    ]
    why = "Places of the images of each split, the same on every machine."
    takes = ", ".join(_arguments(listing))
    return [
        *functions,
        "",
        "",
        f"def split_images({takes}) -> dict[str, np.ndarray]:",
        f'{INDENT}"""{why}"""',
        *(INDENT + row for row in body),
    ]


def split_call(listing: ImageListing) -> str:
    """The call of `split_images`."""
    names = [each.partition(":")[0] for each in _arguments(listing)]
    return f"split_images({', '.join(names)})"


def _arguments(listing: ImageListing) -> list[str]:
    """What `split_images` takes."""
    takes = [f"images: dict[str, {listing.label_type}]"]
    if listing.listed_splits:
        takes.append("given: dict")
    if not listing.in_files:
        takes.append("pixels: np.ndarray")
    return takes


def _shares(plan: Split, listing: ImageListing) -> dict[str, float]:
    """The share of each split that is taken from the training split."""
    shares = {VALIDATION: plan.validation, TEST: plan.test}
    if plan.mode != "folders":
        return shares
    present = set(listing.samples.splits.tolist()) - {""}
    return {name: share for name, share in shares.items() if name not in present}


def _given_rows(listing: ImageListing) -> list[str]:
    """Statements that set the splits that the source says."""
    if listing.listed_splits:
        return [
            "for place, name in enumerate(images):",
            f'{INDENT}split[place] = given[name] or "train"',
        ]
    tops = {top: quoted(name) for top, name in listing.tops.items() if top and name}
    if not tops:
        return []
    return [
        *dictionary_rows("given = ", tops, ""),
        "for top, name in given.items():",
        f'{INDENT}split[[each.startswith(f"{{top}}/") for each in images]] = name',
    ]


def _group_rows(plan: Split, listing: ImageListing) -> list[str]:
    """Statements that set `groups`: the places of images that stay together."""
    content = (
        "(FOLDER / name).read_bytes()"
        if listing.in_files
        else "pixels[place].tobytes()"
    )
    rows = [
        "copies = {}  # copies of an image stay together",
        "for place, name in enumerate(images):",
        f"{INDENT}content = hashlib.sha256({content}).digest()",
        f"{INDENT}copies.setdefault(content, []).append(place)",
        "groups = list(copies.values())",
    ]
    key = _group_key(plan)
    if not key:
        return rows
    return [
        *rows,
        "alike = {}  # and so do images that are to be in one split",
        "for place, name in enumerate(images):",
        *(INDENT + row for row in key),
        f"{INDENT}alike.setdefault(key, []).append(place)",
        "group = {}",
        "for each in [*groups, *alike.values()]:",
        f"{INDENT}joined = {{other for place in each for other in "
        "group.get(place, [place])}",
        f"{INDENT}group |= dict.fromkeys(joined, sorted(joined))",
        "groups = list({each[0]: each for each in group.values()}.values())",
    ]


def _group_key(plan: Split) -> list[str]:
    """Statements that set the key of an image's group; see `sample_groups`."""
    if plan.group_by == "folder" and plan.group_level > 0:
        return [
            'folders = name.split("/")[:-1]',
            f"alone = len(folders) < {plan.group_level}",
            f'key = ("", name) if alone else folders[-{plan.group_level}]',
        ]
    if plan.group_by == "name":
        number = 1 if re.compile(plan.group_pattern).groups else 0
        pattern = quoted(plan.group_pattern)
        return [
            f'found = re.search({pattern}, name.rpartition("/")[2])',
            f"alone = found is None or found[{number}] is None",
            f'key = ("", name) if alone else found[{number}]',
        ]
    return []


def _random_rows(plan: Split, listing: ImageListing) -> list[str]:
    """Images are held out in the order of hashes of their names."""
    rows = [
        'free = split == "train"',
        f'key = hashlib.sha256(b"{plan.seed}").digest()',
        *RANKED,
    ]
    if not plan.stratify or not listing.samples.classes:
        return [*rows, "stratum = free_groups", *HELD_OUT]
    rows += _strata_rows(listing.samples.has_several_labels)
    return [
        *rows,
        "for stratum in strata.values():",
        *(INDENT + row for row in HELD_OUT),
    ]


def _strata_rows(several: bool) -> list[str]:
    """Statements that set `strata`: the groups of each class, or rarest label."""
    if not several:
        return [
            *comment("Each class is split in the same proportions.", ""),
            "classes, strata = list(images.values()), {}",
            "for each in free_groups:",
            f"{INDENT}strata.setdefault(classes[each[0]], []).append(each)",
        ]
    return [
        *comment("Images with the same rarest label are split in proportion.", ""),
        "labels, strata = list(images.values()), {}",
        f'known = NAMES["{LABEL}"]',
        "counts = {name: sum(name in each for each in labels) for name in known}",
        "for each in free_groups:",
        f"{INDENT}found = [name for name in counts if name in labels[each[0]]]",
        f'{INDENT}rarest = min(found, key=counts.get, default="")',
        f"{INDENT}strata.setdefault(rarest, []).append(each)",
    ]
