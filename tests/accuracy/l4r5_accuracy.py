#!/usr/bin/env python3
"""Compares `mcusim run --timing full` with published latencies of firmware for the NUCLEO-L4R5ZI.

    MCUSIM_FIRMWARE_DIR=DIR tests/accuracy/l4r5_accuracy.py build/bin/mcusim [--all]

DIR holds the images as in the repository mlcommons/tiny_results_v1.2, below `mlcommons/`. Without the variable, or
for images that are not there, it says so and leaves them out. The latency of an image is
(window of 2N inferences - window of N) / N, so that what surrounds the inferences drops out. The constant-CPI
column is what one number of cycles per instruction, the best for all images shown, would give.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

CLOCK_MHZ = 120
ST = "closed/STMicroelectronics/code/NUCLEO_L4R5ZI"
BOSCH = "closed/bosch/code/NUCLEO_L4R5ZI_int8"
# name, image, inferences N, published cycles. The first two are in every set-up; AD and KWS: system description,
# the others: median throughput of the submitter's performance log.
IMAGES = [
    ("ST AD", f"{ST}/anomaly_detection/Binaries/AD01-Performance.bin", 20, 631_320),
    ("ST KWS", f"{ST}/keyword_spotting/Binaries/KWS01-Performance.bin", 5, 5_182_400),
    ("ST VWW", f"{ST}/visual_wake_words/Binaries/VWW01-Performance.bin", 2, CLOCK_MHZ * 1e6 / 11.245),
    ("ST IC", f"{ST}/image_classification/Binaries/IC01-Performance.bin", 1, CLOCK_MHZ * 1e6 / 6.056),
    ("Bosch AD", f"{BOSCH}/ad/l4r5_ad.bin", 20, CLOCK_MHZ * 1e6 / 171.375),
    ("Bosch KWS", f"{BOSCH}/kws/l4r5_kws.bin", 3, CLOCK_MHZ * 1e6 / 16.623),
    ("Bosch IC", f"{BOSCH}/ic/l4r5_ic.bin", 1, CLOCK_MHZ * 1e6 / 5.539),
    ("Bosch VWW", f"{BOSCH}/vww/l4r5_vww.bin", 1, CLOCK_MHZ * 1e6 / 5.540),
    ("Bosch AD, fast", f"{BOSCH}_max_performance/ad/l4r5_ad.bin", 20, CLOCK_MHZ * 1e6 / 211.492),
]


def run(mcusim, image, inferences, timing):
    """Cycles of the window between the two lap times, and instructions of the run."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "run.json"
        result = subprocess.run(
            [mcusim, "run", str(image), "--mcu", "stm32l4r5", "--engine", "native", "--timing", timing,
             "--uart", "LPUART1=stdio", "--until", "uart:m-results", "--json", str(report)],
            input=f"infer {inferences} 0%".encode(), stdout=subprocess.PIPE, check=True)
        laps = [int(x) for x in re.findall(rb"m-lap-us-(\d+)", result.stdout)][-2:]
        return (laps[1] - laps[0]) * CLOCK_MHZ, json.loads(report.read_text())["instructions"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mcusim")
    parser.add_argument("--all", action="store_true", help="every image that is there; default: ST AD and KWS")
    parser.add_argument("--timing", default="full")
    arguments = parser.parse_args()
    root = os.environ.get("MCUSIM_FIRMWARE_DIR")
    if not root:
        sys.exit("MCUSIM_FIRMWARE_DIR is not set: nothing to compare with")
    rows = []
    for name, path, count, published in IMAGES if arguments.all else IMAGES[:2]:
        image = pathlib.Path(root) / "mlcommons" / path
        if not image.exists():
            print(f"{name}: left out, {image} is not there")
            continue
        once, instructions_once = run(arguments.mcusim, image, count, arguments.timing)
        twice, instructions_twice = run(arguments.mcusim, image, 2 * count, arguments.timing)
        rows.append((name, (twice - once) / count, published, (instructions_twice - instructions_once) / count))
    if not rows:
        sys.exit("no image found")
    cpi = sum(published / instructions for _, _, published, instructions in rows) / len(rows)
    print(f"{'image':16}{'published':>12}{'predicted':>12}{'error':>9}{'constant CPI':>15}")
    for name, predicted, published, instructions in rows:
        print(f"{name:16}{published:12.0f}{predicted:12.0f}{100 * (predicted / published - 1):+8.2f}%"
              f"{100 * (instructions * cpi / published - 1):+14.2f}%")
    errors = [abs(predicted / published - 1) for _, predicted, published, _ in rows]
    base = [abs(instructions * cpi / published - 1) for _, _, published, instructions in rows]
    print(f"mean absolute error {100 * sum(errors) / len(errors):.2f} %, "
          f"constant CPI of {cpi:.3f}: {100 * sum(base) / len(base):.2f} %")


if __name__ == "__main__":
    main()
