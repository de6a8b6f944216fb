"""Runs public firmware whose speed on a board was published, and tells what mcusim predicts for it."""
import csv
import dataclasses
import hashlib
import json
import pathlib
import re
import struct
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
LAYERS_OF = "Mujtaba H743 ImageNet"
LAYER_COUNT = 30


@dataclasses.dataclass
class Row:
    """A line of boards.csv."""

    name: str
    image: str
    sha256: str
    mcu: str
    board: str
    uart: str
    method: str  # "infer", or the symbol or address of an array of cycle counts, one after each layer
    inferences: int
    clock_mhz: float
    published_cycles: int
    source: str
    set: str


@dataclasses.dataclass
class Measurement:
    """What one image is predicted to take per inference."""

    row: Row
    core: str
    cycles: float
    instructions: float
    layers: list = dataclasses.field(default_factory=list)  # (cycles, instructions), where the image counts them

    @property
    def error(self):
        return self.cycles / self.row.published_cycles - 1

    @property
    def board_cpi(self):
        return self.row.published_cycles / self.instructions


class LeftOut(Exception):
    """Why there is no measurement of a row."""

    def __init__(self, reason, absent=False):
        super().__init__(reason)
        self.absent = absent  # Nothing is wrong: the image is not on this computer.


def read_rows(path=HERE / "boards.csv"):
    with open(path, newline="") as lines:
        return [
            Row(**{**line, "inferences": int(line["inferences"]), "clock_mhz": float(line["clock_mhz"]),
                   "published_cycles": int(line["published_cycles"])})
            for line in csv.DictReader(lines)
        ]


def checked_image(row, root):
    image = pathlib.Path(root) / row.image
    if not image.exists():
        raise LeftOut(f"{image} is not there", absent=True)
    if hashlib.sha256(image.read_bytes()).hexdigest() != row.sha256:
        raise LeftOut(f"{image} is another file than the one whose speed was published")
    return image


def run(mcusim, row, image, mcu, timing, text, until, dump=None):
    """What the firmware said, the report, and the dumped memory."""
    with tempfile.TemporaryDirectory() as folder:
        report, memory = pathlib.Path(folder) / "run.json", pathlib.Path(folder) / "memory.bin"
        command = [mcusim, "run", image, "--mcu", mcu, "--engine", "native", "--timing", timing,
                   "--uart", f"{row.uart}=stdio", "--send-after", "m-ready",
                   "--until", f"uart:{until}", "--json", report]
        command += ["--board", row.board] if row.board else []
        command += ["--dump", f"{dump[0]}:{dump[1]}:{memory}"] if dump else []
        result = subprocess.run([str(word) for word in command], input=text.encode(), capture_output=True)
        if result.returncode == 2 and b"not modelled" in result.stderr:
            raise LeftOut("not modelled")
        if result.returncode != 0:
            raise LeftOut(result.stderr.decode(errors="replace").split("\n")[0] or f"status {result.returncode}")
        return result.stdout, json.loads(report.read_text()), memory.read_bytes() if dump else b""


def infer(mcusim, row, image, mcu, timing):
    """The firmware takes the time before and after N inferences; what else is between drops out of 2N - N."""
    cycles, instructions = [], []
    for count in (row.inferences, 2 * row.inferences):
        said, report, _ = run(mcusim, row, image, mcu, timing, f"infer {count} 0%", "m-results")
        laps = [int(lap) for lap in re.findall(rb"m-lap-us-(\d+)", said)]
        if len(laps) < 2:
            raise LeftOut("it took no time of its inferences")
        cycles.append((laps[-1] - laps[-2]) * row.clock_mhz)
        instructions.append(report["instructions"])
    return Measurement(row, report["core"], (cycles[1] - cycles[0]) / row.inferences,
                       (instructions[1] - instructions[0]) / row.inferences)


def symbol_address(image, name):
    """From the symbol table of an ELF file (32 bits, little endian)."""
    data = image.read_bytes()
    start, = struct.unpack_from("<I", data, 32)
    size, count = struct.unpack_from("<HH", data, 46)
    sections = [struct.unpack_from("<10I", data, start + i * size) for i in range(count)]
    for section in sections:
        if section[1] != 2:  # SHT_SYMTAB
            continue
        names = sections[section[6]][4]
        for at in range(section[4], section[4] + section[5], 16):
            text, address = struct.unpack_from("<II", data, at)
            if data[names + text:data.index(b"\0", names + text)] == name.encode():
                return address
    raise LeftOut(f"{image} has no symbol {name}")


def cumulative_counts(mcusim, row, image, mcu, timing):
    """The firmware stores its cycle counter after each layer. Without timing that counts instructions."""
    address = row.method if row.method.startswith("0x") else hex(symbol_address(image, row.method))
    counts = {}
    for kind in (timing, "off"):
        _, report, memory = run(mcusim, row, image, mcu, kind, "", "Top5_Class", (address, 4 * LAYER_COUNT))
        ends = (0,) + struct.unpack(f"<{LAYER_COUNT}I", memory)
        counts[kind] = [after - before for before, after in zip(ends, ends[1:])]
    layers = list(zip(counts[timing], counts["off"]))
    return Measurement(row, report["core"], sum(counts[timing]), sum(counts["off"]), layers)


def measure(mcusim, row, root, mcu=None, timing="full"):
    """Throws LeftOut. `mcu`: instead of the row's, as the path of a changed part file."""
    image = checked_image(row, root)
    method = infer if row.method == "infer" else cumulative_counts
    return method(mcusim, row, image, mcu or row.mcu, timing)
