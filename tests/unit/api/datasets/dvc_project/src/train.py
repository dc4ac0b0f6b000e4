import json
from pathlib import Path

rows = Path("data/prepared.csv").read_text().splitlines()[1:]
Path("model.txt").write_text("majority: no\n")
right = sum(row.endswith(",no") for row in rows) / len(rows)
Path("metrics.json").write_text(json.dumps({"accuracy": right}))
