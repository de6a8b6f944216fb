"""Where the pictures come from: drawn by render.py, or read from a folder with one subfolder per class."""
import pathlib
from dataclasses import dataclass

import numpy as np
from PIL import Image, UnidentifiedImageError

import render

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp"}
TRAINING_SEED, HELD_OUT_SEED = 1, 2
HELD_OUT_SHARE = 0.2  # of a folder's pictures


@dataclass
class Pictures:
    """Grey bytes, N x render.HEIGHT x render.WIDTH, and the class number of each."""
    bytes: np.ndarray
    labels: np.ndarray

    def inputs(self):
        """What the networks read: float32, N x height x width x 1, grey from 0 (black) to 1 (white)."""
        return self.bytes[..., np.newaxis].astype(np.float32) / 255


def rendered(training_count, held_out_count):
    """Training set, held-out set and class names, all drawn."""
    return (Pictures(*render.render(training_count, TRAINING_SEED)),
            Pictures(*render.render(held_out_count, HELD_OUT_SEED)), render.CLASSES)


def _read(path):
    try:
        with Image.open(path) as image:
            grey = image.convert("L").resize((render.WIDTH, render.HEIGHT), Image.BILINEAR)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise SystemExit(f"{path}: not a readable picture ({error}); remove or replace it")
    return np.asarray(grey, np.uint8)


def _class_folders(folder):
    found = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    names = {p.name.lower(): p for p in found}
    if set(names) == set(render.CLASSES):  # the same order as for rendered pictures
        return [names[name] for name in render.CLASSES]
    return found


def from_folder(folder):
    """Training set, held-out set and class names of the pictures in `folder`.

    Every fifth picture of a class, in a fixed random order, is held out. The training set also holds each
    of its pictures mirrored."""
    folder = pathlib.Path(folder)
    if not folder.is_dir():
        raise SystemExit(f"{folder}: not a folder; name one that holds one subfolder of pictures per class")
    classes = _class_folders(folder)
    if len(classes) < 2:
        raise SystemExit(f"{folder}: {len(classes)} subfolders; put the pictures into one subfolder per class")
    sets = {"training": ([], []), "held out": ([], [])}
    rng = np.random.default_rng(TRAINING_SEED)
    for label, class_folder in enumerate(classes):
        files = sorted(p for p in class_folder.rglob("*") if p.suffix.lower() in SUFFIXES)
        held_out = round(len(files) * HELD_OUT_SHARE)
        if held_out < 1 or held_out == len(files):
            raise SystemExit(f"{class_folder}: {len(files)} pictures ({', '.join(sorted(SUFFIXES))}); at least 3 are needed")
        for position, index in enumerate(rng.permutation(len(files))):
            images, labels = sets["held out" if position < held_out else "training"]
            images.append(_read(files[index]))
            labels.append(label)
    training, held_out = (Pictures(np.stack(images), np.array(labels, np.int32)) for images, labels in sets.values())
    mirrored = Pictures(np.concatenate([training.bytes, training.bytes[:, :, ::-1]]), np.tile(training.labels, 2))
    return mirrored, held_out, [p.name for p in classes]
