"""A client for OtherClientsTest, which names an interpreter that has dulwich: clone URL FOLDER [DEPTH], fetch URL FOLDER."""
import io
import sys

from dulwich import porcelain

command, url, folder = sys.argv[1:4]
quiet = io.BytesIO()
if command == "clone":
    depth = int(sys.argv[4]) if len(sys.argv) > 4 else None
    porcelain.clone(url, folder, bare=True, depth=depth, errstream=quiet, protocol_version=2).close()
else:
    porcelain.fetch(folder, url, errstream=quiet, quiet=True)
