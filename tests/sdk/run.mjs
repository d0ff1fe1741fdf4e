// Runs every file of SDK calls; started by run.sh, which starts the simulators first.
import './huddle01.mjs';
import './realtimekit.mjs';
import './webhooks.mjs';
