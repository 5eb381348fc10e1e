import { channel } from "node:diagnostics_channel";

/** Told the path of each pipe that is read as an input and has given nothing for a while: whoever waits for it may not know. */
export const silentPipes = channel("phase19-optimizer:silent-pipe");
