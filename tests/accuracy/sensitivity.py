"""How much each assumed number of a core's model matters: every one is moved a step down and a step up."""
import copy
import pathlib
import tempfile
import tomllib

SECTIONS_OF_PART = ("flash_timing", "line_fill", "caches")
# Powers of two are halved and doubled.
SIZES = ("size", "line", "ways", "read_bits")


def load(mcu_dir, folder, name):
    return tomllib.loads((pathlib.Path(mcu_dir) / folder / f"{name}.toml").read_text())


def numbers_below(table, path, status, wanted):
    """(path, value) of the integers whose nearest `status` is wanted."""
    status = table["status"] if isinstance(table.get("status"), str) else status
    for key, value in table.items():
        if isinstance(value, dict):
            yield from numbers_below(value, path + (key,), status, wanted)
        elif isinstance(value, int) and not isinstance(value, bool) and status in wanted:
            yield path + (key,), value


def parameters(mcu_dir, mcu, wanted=("assumed",)):
    """The core's tables except its costs, and the family's and the part's flash and caches."""
    part = load(mcu_dir, "parts", mcu)
    family = load(mcu_dir, "families", part["family"])
    core = load(mcu_dir, "cores", part.get("core", family.get("core")))
    found = []
    for section, table in core.items():
        if isinstance(table, dict) and section != "costs":
            found += numbers_below(table, ("core_override", section), core["status"], wanted)
    for document in (family, part):
        for section in SECTIONS_OF_PART:
            found += numbers_below(document.get(section, {}), (section,), document["status"], wanted)
    return dict(found)


def steps(path, value):
    if path[-1] in SIZES:
        return [value // 2, value * 2]
    return [value - 1, value + 1] if value else [None, value + 1]


def toml(value):
    """Enough of TOML for a part file: inline tables below the top level."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = {toml(item)}' for key, item in value.items()) + " }"
    return str(value)


def changed_part(mcu_dir, mcu, path, value):
    """The text of a part file that differs from the part in one number."""
    part = copy.deepcopy(load(mcu_dir, "parts", mcu))
    table = part
    for key in path[:-1]:
        table = table.setdefault(key, {})
        if key in SECTIONS_OF_PART + ("core_override",):
            table.setdefault("source", "moved by a step")
            table.setdefault("status", "assumed")
    table[path[-1]] = value
    return "".join(f'"{key}" = {toml(item)}\n' for key, item in part.items())


class ChangedParts:
    """A temporary folder of them; the files keep the part's name, by which its board knows it."""

    def __init__(self, mcu_dir):
        self.mcu_dir = mcu_dir
        self.folder = tempfile.TemporaryDirectory()
        self.count = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def path_of(self, mcu, path, value):
        self.count += 1
        file = pathlib.Path(self.folder.name) / str(self.count) / f"{mcu}.toml"
        file.parent.mkdir()
        file.write_text(changed_part(self.mcu_dir, mcu, path, value))
        return file
