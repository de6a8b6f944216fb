"""Trains the networks of this example, converts them and measures each form on held-out pictures.

    python train.py                            rendered pictures; replaces the files of this folder
    python train.py --data FOLDER --out DIR    pictures from FOLDER, one subfolder per class
"""
import argparse
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf

import networks
import pictures
import report
import tflite

HERE = pathlib.Path(__file__).resolve().parent
SEED = 7
SAMPLES_PER_CLASS = 2


def fit(model, training, epochs):
    steps = epochs * -(-len(training.labels) // 64)
    model.compile(optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps)),
                  loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(training.inputs(), training.labels, batch_size=64, epochs=epochs, verbose=2)


def confusion(labels, predicted, classes):
    """Rows: true class; columns: predicted class."""
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (labels, predicted), 1)
    return counts.tolist()


def write_forms(model, training, out):
    """Writes the Keras file and both .tflite files; returns {file name: .tflite bytes, None for Keras}."""
    model.save(out / f"{model.name}.h5", include_optimizer=False)
    forms = {f"{model.name}.h5": None,
             f"{model.name}_float.tflite": tflite.convert(model),
             f"{model.name}_int8.tflite": tflite.convert(model, training.inputs())}
    for name, content in forms.items():
        if content is not None:
            (out / name).write_bytes(content)
    return forms


def measure(model, forms, held_out, out):
    results = []
    for name, content in forms.items():
        if content is None:
            saved = keras.models.load_model(out / name, compile=False)
            predicted, operators = saved.predict(held_out.inputs(), verbose=0).argmax(axis=1), None
        else:
            predicted, operators = tflite.predict(content, held_out.inputs()), tflite.operators(content)
            print(f"{name}: {' '.join(operators)}")
        accuracy = float((predicted == held_out.labels).mean())
        print(f"{name}: {accuracy:.2%} of {len(held_out.labels)} held-out pictures")
        results.append({"file": name, "bytes": (out / name).stat().st_size, "accuracy": accuracy,
                        "confusion": confusion(held_out.labels, predicted, model.output_shape[-1]),
                        "operators": operators})
    return results


def describe(model):
    return [{"name": layer.name, "type": type(layer).__name__, "output": list(layer.output.shape[1:]),
             "parameters": layer.count_params(), "macc": networks.macc(layer)} for layer in model.layers]


def write_samples(held_out, classes, out):
    """The first pictures of each class, class by class, whatever the networks make of them."""
    chosen = np.concatenate([np.flatnonzero(held_out.labels == label)[:SAMPLES_PER_CLASS] for label in range(classes)])
    np.save(out / "samples.npy", held_out.inputs()[chosen])
    np.save(out / "samples_labels.npy", held_out.labels[chosen])


def parse():
    parser = argparse.ArgumentParser(description="Train the saline networks.")
    parser.add_argument("--data", type=pathlib.Path, help="folder of pictures, one subfolder per class")
    parser.add_argument("--out", type=pathlib.Path, help="where to write; default: this folder, without --data")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--count", type=int, default=24000, help="rendered pictures to train with")
    parser.add_argument("--held-out", type=int, default=2000, help="rendered pictures to measure with")
    options = parser.parse_args()
    if options.data and not options.out:
        parser.error("--data needs --out DIR, so that the networks of this folder stay as they are")
    options.out = options.out or HERE
    return options


def main():
    options = parse()
    if options.data:
        training, held_out, classes = pictures.from_folder(options.data)
    else:
        training, held_out, classes = pictures.rendered(options.count, options.held_out)
    print(f"{len(training.labels)} pictures to train with, {len(held_out.labels)} held out, classes: {', '.join(classes)}")
    options.out.mkdir(parents=True, exist_ok=True)
    tf.config.experimental.enable_op_determinism()

    summary = {"classes": classes, "training_pictures": len(training.labels),
               "held_out_pictures": len(held_out.labels), "rendered": options.data is None, "networks": []}
    for build in (networks.saline, networks.saline_sep):
        keras.utils.set_random_seed(SEED)
        model = build((*training.bytes.shape[1:], 1), len(classes))
        fit(model, training, options.epochs)
        forms = write_forms(model, training, options.out)
        summary["networks"].append({"name": model.name, "parameters": model.count_params(),
                                    "macc": sum(networks.macc(layer) for layer in model.layers),
                                    "layers": describe(model),
                                    "forms": measure(model, forms, held_out, options.out)})
    write_samples(held_out, len(classes), options.out)
    (options.out / "accuracy.json").write_text(json.dumps(summary, indent=1) + "\n")
    report.write(summary, options.out / "README.md")


if __name__ == "__main__":
    main()
