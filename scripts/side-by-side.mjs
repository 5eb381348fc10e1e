// Runs npm scripts at the same time, for checks that leave a core idle each. What a script prints comes when it ends, so that lines
// do not mix. Exit code 1 where one failed. Usage: node scripts/side-by-side.mjs SCRIPT...
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

const codes = await Promise.all(
  process.argv.slice(2).map(async (name) => {
    const child = spawn("npm", ["run", "--silent", name], { stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
    const [code, ...printed] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    console.log(`${name}: ${code === 0 ? "ok" : `exit code ${code}`}`);
    process.stdout.write(printed.join(""));
    return code;
  }),
);
if (codes.some((code) => code !== 0)) process.exitCode = 1;
