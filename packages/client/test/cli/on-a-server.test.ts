// What is tried on a server, each in a workspace of its own: to start one takes longer than most of what is tried on it.
import './on-a-server/bulk.ts';
import './on-a-server/config.ts';
import './on-a-server/erase.ts';
import './on-a-server/files.ts';
import './on-a-server/import-csv.ts';
import './on-a-server/pipe.ts';
import './on-a-server/terminal.ts';
