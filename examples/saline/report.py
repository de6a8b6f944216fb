"""The tables of README.md, from what train.py measured."""

BEGIN, END = "<!-- tables: written by train.py -->", "<!-- end of tables -->"


def _table(header, rows, text_columns=1):
    rule = ["---"] * text_columns + ["---:"] * (len(header) - text_columns)
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in [header, rule, *rows])


def _overview(summary):
    rows = [[f"`{form['file']}`", f"{form['bytes']:,}", f"{form['accuracy']:.2%}"]
            for network in summary["networks"] for form in network["forms"]]
    return _table(["file", "bytes", "accuracy"], rows)


def _layers(network):
    rows = [[layer["name"], layer["type"], " x ".join(map(str, layer["output"])), f"{layer['parameters']:,}",
             f"{layer['macc']:,}"] for layer in network["layers"]]
    rows.append(["", "sum", "", f"{network['parameters']:,}", f"{network['macc']:,}"])
    return _table(["layer", "type", "output", "parameters", "MACC"], rows, text_columns=3)


def _confusion(form, classes):
    rows = [[name, *counts] for name, counts in zip(classes, form["confusion"])]
    return _table(["true class, told as:", *classes], rows)


def tables(summary):
    kind = "rendered" if summary["rendered"] else "held-out"
    parts = [f"Trained with {summary['training_pictures']:,} pictures, measured on {summary['held_out_pictures']:,} "
             f"{kind} pictures that no training saw:", _overview(summary)]
    for network in summary["networks"]:
        parts += [f"### {network['name']}", _layers(network)]
        for form in network["forms"]:
            parts += [f"`{form['file']}`:", _confusion(form, summary["classes"])]
    return "\n\n".join(parts)


def write(summary, path):
    """Replaces the tables between the marks of an existing README, or writes a file with nothing else."""
    text = path.read_text() if path.exists() else ""
    if BEGIN not in text or END not in text:
        text = f"{text}{BEGIN}\n{END}\n"
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    path.write_text(f"{before}{BEGIN}\n\n{tables(summary)}\n\n{END}{after}")
