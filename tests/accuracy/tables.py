"""The same tables as text and as Markdown."""


def table(head, rows, markdown):
    """The first column is text, the others are numbers."""
    lines = [list(head)] + [list(row) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]

    def line_of(cells):
        cells = [cell.rjust(width) if i else cell.ljust(width) for i, (cell, width) in enumerate(zip(cells, widths))]
        return f"| {' | '.join(cells)} |" if markdown else "  ".join(cells).rstrip()

    text = [line_of(line) for line in lines]
    if markdown:
        text.insert(1, "|" + "|".join("-" * (width + 1) + (":" if i else "-") for i, width in enumerate(widths)) + "|")
    return "\n".join(text) + "\n"


def percent(value, signed=True):
    return "-" if value is None else f"{100 * value:{'+' if signed else ''}.2f} %"


def cycles(value):
    return f"{value:,.0f}"
