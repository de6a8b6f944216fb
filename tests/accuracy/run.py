#!/usr/bin/env python3
"""Compares `mcusim run --timing full` with what boards took for public firmware. docs/accuracy.md explains it.

    MCUSIM_FIRMWARE_DIR=DIR tests/accuracy/run.py build/bin/mcusim [--set goal|more|all] [--only REGEX]

DIR holds the images by the paths of boards.csv. Images that are not there, and those of a core without a model,
are named and left out. Status: 0, 1 when an error is larger than --mean or --worst allow, 77 with nothing to compare
(1 with --strict, when an image that is there was left out).
"""
import argparse
import concurrent.futures
import csv
import os
import pathlib
import re
import sys

import errors
import measure
import sensitivity
from tables import cycles, percent, table

NOTHING_TO_COMPARE = 77
SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent


def parse_arguments():
    parser = argparse.ArgumentParser(description="Compares predicted with published latencies.")
    parser.add_argument("mcusim", help="the program, as build/bin/mcusim")
    parser.add_argument("--set", choices=("goal", "more", "all"), default="goal", help="which rows of boards.csv")
    parser.add_argument("--only", default="", metavar="REGEX", help="only the rows whose name matches")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="runs at the same time")
    parser.add_argument("--timing", choices=("full", "table", "off"), default="full")
    parser.add_argument("--mcu-dir", default=SOURCE / "mcu_models", metavar="DIR",
                        help="take parts, families and cores of --sensitivity from here")
    parser.add_argument("--sensitivity", action="store_true", help="move each assumed number of the models a step")
    parser.add_argument("--status", default="assumed", metavar="LIST",
                        help="for --sensitivity: assumed, measured, documented, or several with commas")
    parser.add_argument("--markdown", action="store_true", help="tables for docs/accuracy.md")
    parser.add_argument("--mean", type=float, metavar="PERCENT", help="largest mean error allowed")
    parser.add_argument("--strict", action="store_true", help="status 1 when an image that is there was left out")
    parser.add_argument("--worst", type=float, metavar="PERCENT", help="largest error allowed")
    return parser.parse_args()


def measure_all(arguments, root, rows, mcu_of=lambda row: None):
    """Measurements in the order of `rows`, and the others with the reason."""
    def one(row):
        try:
            return measure.measure(arguments.mcusim, row, root, mcu_of(row), arguments.timing)
        except measure.LeftOut as reason:
            return row, reason

    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(one, rows))
    return ([result for result in results if isinstance(result, measure.Measurement)],
            [result for result in results if not isinstance(result, measure.Measurement)])


def images_table(measurements, markdown):
    baseline = errors.baseline(measurements)
    lines = []
    for m in measurements:
        fitted, without = baseline[m.row.name]
        lines.append((m.row.name, m.core, cycles(m.row.published_cycles), cycles(m.cycles), percent(m.error),
                      percent(fitted), percent(without), percent(errors.mean_of_others(measurements, m), False)))
    return table(("image", "core", "published", "predicted", "error", "constant CPI", "CPI of others",
                  "mean of others"), lines, markdown)


def summary_table(measurements, markdown):
    groups = [*errors.by_core(measurements).items(), ("all", measurements)]
    baseline = errors.baseline(measurements)
    lines = []
    for name, group in groups:
        ours = [m.error for m in group]
        fitted = [baseline[m.row.name][0] for m in group]
        without = [baseline[m.row.name][1] for m in group if baseline[m.row.name][1] is not None]
        lines.append((name, str(len(group)), percent(errors.mean_error(ours), False),
                      percent(errors.worst_error(ours), False),
                      "-" if name == "all" else f"{errors.best_cpi(group):.3f}",
                      percent(errors.mean_error(fitted), False),
                      percent(errors.mean_error(without) if without else None, False)))
    return table(("core", "images", "mean error", "worst", "best CPI", "its mean error", "left out"), lines, markdown)


def layers_table(measurement, markdown):
    """By layer, against the board that ran another build of the same source."""
    with open(measure.HERE / "h743_layers.csv", newline="") as lines:
        layers = list(csv.DictReader(lines))
    board = [int(layer["board_cycles"]) for layer in layers]
    cpi = sum(board) / sum(instructions for _, instructions in measurement.layers)
    ours = [predicted / real - 1 for (predicted, _), real in zip(measurement.layers, board)]
    constant = [cpi * instructions / real - 1 for (_, instructions), real in zip(measurement.layers, board)]
    lines = [(f"{layer['layer']} {layer['type']}", cycles(real), cycles(predicted), percent(error), percent(flat))
             for layer, real, (predicted, _), error, flat in zip(layers, board, measurement.layers, ours, constant)]
    lines.append(("mean of the absolute errors", cycles(sum(board)), cycles(measurement.cycles),
                  percent(errors.mean_error(ours), False), percent(errors.mean_error(constant), False)))
    return table(("layer", "board", "predicted", "error", f"CPI of {cpi:.3f}"), lines, markdown)


def sensitivity_table(arguments, root, measurements):
    """For each core: its mean error with one number moved. What a core shares is moved in all of its parts."""
    lines = []
    with sensitivity.ChangedParts(arguments.mcu_dir) as parts:
        for core, group in errors.by_core(measurements).items():
            mine = [m.row for m in group]
            known = {}
            for row in mine:
                for path, value in sensitivity.parameters(
                        arguments.mcu_dir, row.mcu, arguments.status.split(",")).items():
                    known.setdefault((path, value), set()).add(row.mcu)
            for (path, value), mcus in sorted(known.items()):
                cells = []
                for step in sensitivity.steps(path, value):
                    if step is None:
                        cells.append("-")
                        continue
                    changed = {mcu: parts.path_of(mcu, path, step) for mcu in mcus}
                    results, left_out = measure_all(arguments, root, mine, lambda row: changed.get(row.mcu))
                    mean = errors.mean_error([m.error for m in results]) if results else None
                    cells.append("refused" if left_out else percent(mean, False) + f" ({step})")
                name = ".".join(key for key in path if key not in ("core_override", "value"))
                lines.append((f"{core} {name}", str(value),
                              percent(errors.mean_error([m.error for m in group]), False), *cells))
    return table(("parameter", "value", "mean error", "a step down", "a step up"), lines, arguments.markdown)


def within_bounds(arguments, measurements):
    found = [m.error for m in measurements]
    kept = True
    for name, value, most in (("mean", errors.mean_error(found), arguments.mean),
                              ("worst", errors.worst_error(found), arguments.worst)):
        if most is not None and 100 * value > most:
            print(f"{name} error {100 * value:.3f} % is above {most} %", file=sys.stderr)
            kept = False
    return kept


def main():
    arguments = parse_arguments()
    root = os.environ.get("MCUSIM_FIRMWARE_DIR")
    if not root:
        print("MCUSIM_FIRMWARE_DIR is not set: nothing to compare with")
        return NOTHING_TO_COMPARE
    rows = [row for row in measure.read_rows()
            if arguments.set in ("all", row.set) and re.search(arguments.only, row.name)]
    measurements, left_out = measure_all(arguments, root, rows)
    for row, reason in left_out:
        print(f"{row.name}: left out: {reason}", file=sys.stderr)
    if arguments.strict and any(not reason.absent for _, reason in left_out):
        return 1
    if not measurements:
        print("nothing to compare with")
        return NOTHING_TO_COMPARE
    print(images_table(measurements, arguments.markdown))
    print(summary_table(measurements, arguments.markdown))
    for measurement in measurements:
        if measurement.row.name == measure.LAYERS_OF:
            print(layers_table(measurement, arguments.markdown))
    if arguments.sensitivity:
        print(sensitivity_table(arguments, root, measurements))
    return 0 if within_bounds(arguments, measurements) else 1


if __name__ == "__main__":
    sys.exit(main())
