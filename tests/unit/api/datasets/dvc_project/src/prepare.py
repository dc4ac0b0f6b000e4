import sys
from pathlib import Path

lines = Path(sys.argv[1]).read_text().splitlines()
Path(sys.argv[2]).write_text("\n".join(line for line in lines if ",pro," not in line) + "\n")
