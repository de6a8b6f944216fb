"""Rules of the runner's own arithmetic and of its data."""
import collections
import pathlib
import re
import tomllib
import unittest

import errors
import measure
import sensitivity
import tables

MCU_DIR = pathlib.Path(__file__).resolve().parent.parent.parent / "mcu_models"


def measurement(name, core, published, predicted, instructions):
    row = measure.Row(name, "", "", "", "", "", "infer", 1, 1, published, "", "goal")
    return measure.Measurement(row, core, predicted, instructions)


class Baseline(unittest.TestCase):
    def test_the_best_cpi_has_the_least_mean_error(self):
        group = [measurement("a", "m4", 100, 0, 100), measurement("b", "m4", 130, 0, 100),
                 measurement("c", "m4", 180, 0, 100)]
        best = errors.mean_error(errors.cpi_errors(group, errors.best_cpi(group)))
        for step in range(90, 200):
            self.assertLessEqual(best, errors.mean_error(errors.cpi_errors(group, step / 100)) + 1e-12)

    def test_a_core_gets_the_cpi_of_its_own_images(self):
        found = errors.baseline([measurement("a", "m4", 100, 0, 100), measurement("b", "m7", 50, 0, 100)])
        self.assertEqual(found, {"a": (0, None), "b": (0, None)})

    def test_left_out_means_that_the_others_alone_choose_the_cpi(self):
        found = errors.baseline([measurement("a", "m4", 100, 0, 100), measurement("b", "m4", 200, 0, 100)])
        self.assertAlmostEqual(found["a"][1], 1.0)
        self.assertAlmostEqual(found["b"][1], -0.5)

    def test_the_mean_of_the_others_leaves_one_out(self):
        group = [measurement("a", "m4", 100, 110, 1), measurement("b", "m4", 100, 96, 1)]
        self.assertAlmostEqual(errors.mean_of_others(group, group[0]), 0.04)
        self.assertIsNone(errors.mean_of_others(group[:1], group[0]))


class Data(unittest.TestCase):
    def setUp(self):
        self.rows = measure.read_rows()

    def test_names_and_images_are_given_once(self):
        for key in ("name", "image", "sha256"):
            counts = collections.Counter(getattr(row, key) for row in self.rows)
            self.assertEqual([value for value, count in counts.items() if count > 1], [])

    def test_the_tick_of_a_microsecond_is_below_a_two_thousandth_of_the_window(self):
        for row in self.rows:
            if row.method == "infer":
                window = row.inferences * row.published_cycles / row.clock_mhz
                self.assertLess(1, window / 2000, row.name)

    def test_every_row_names_a_part_and_a_check_sum(self):
        for row in self.rows:
            self.assertTrue((MCU_DIR / "parts" / f"{row.mcu}.toml").exists(), row.name)
            self.assertRegex(row.sha256, re.compile("^[0-9a-f]{64}$"))
            self.assertIn(row.set, ("goal", "more"))


class Sensitivity(unittest.TestCase):
    def test_the_nearest_status_says_what_a_number_is(self):
        table = tomllib.loads('status = "documented"\na = { value = 1 }\nb = { value = 2, status = "assumed" }')
        found = dict(sensitivity.numbers_below(table, (), "measured", ("assumed",)))
        self.assertEqual(found, {("b", "value"): 2})

    def test_a_changed_part_differs_in_one_number(self):
        path = ("core_override", "pipeline", "device_access", "value")
        before = sensitivity.load(MCU_DIR, "parts", "stm32l4r5")
        after = tomllib.loads(sensitivity.changed_part(MCU_DIR, "stm32l4r5", path, 7))
        self.assertEqual(after.pop("core_override")["pipeline"], {"device_access": {"value": 7}})
        self.assertEqual(after, before)

    def test_sizes_stay_powers_of_two_and_others_move_by_one(self):
        self.assertEqual(sensitivity.steps(("caches", "L1D", "ways"), 4), [2, 8])
        self.assertEqual(sensitivity.steps(("core_override", "pipeline", "x", "value"), 0), [None, 1])


class Tables(unittest.TestCase):
    def test_markdown_and_text_have_the_same_cells(self):
        rows = [("a", "1"), ("bc", "22")]
        self.assertEqual(tables.table(("x", "n"), rows, False), "x    n\na    1\nbc  22\n")
        self.assertEqual(tables.table(("x", "n"), rows, True),
                         "| x  |  n |\n|----|---:|\n| a  |  1 |\n| bc | 22 |\n")


if __name__ == "__main__":
    unittest.main()
