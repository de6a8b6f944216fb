"""Errors of the model beside those of the best constant number of cycles per instruction (CPI)."""
import statistics


def best_cpi(measurements):
    """The CPI with the least mean absolute error: of a sum of |cpi * a - 1| the least is at one of the 1 / a."""
    return min((m.board_cpi for m in measurements), key=lambda cpi: mean_error(cpi_errors(measurements, cpi)))


def cpi_errors(measurements, cpi):
    return [cpi / m.board_cpi - 1 for m in measurements]


def mean_error(errors):
    return statistics.fmean(abs(error) for error in errors)


def worst_error(errors):
    return max(abs(error) for error in errors)


def by_core(measurements):
    cores = {}
    for measurement in measurements:
        cores.setdefault(measurement.core, []).append(measurement)
    return cores


def baseline(measurements):
    """By name of the image: the error with its core's best CPI, and with that of the core's other images."""
    found = {}
    for group in by_core(measurements).values():
        cpi = best_cpi(group)
        for measurement in group:
            others = [other for other in group if other is not measurement]
            without = best_cpi(others) / measurement.board_cpi - 1 if others else None
            found[measurement.row.name] = (cpi / measurement.board_cpi - 1, without)
    return found


def mean_of_others(measurements, one):
    """Mean error of the model without one image: nothing was fitted to it, so that the others stay as they are."""
    others = [m.error for m in measurements if m is not one]
    return mean_error(others) if others else None
