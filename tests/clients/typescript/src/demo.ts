// Starts `rollcall demo` on a free port and reads from its output what a person would paste.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export interface Demo {
  url: string;
  token: string;
  stop(): Promise<void>;
}

const PATIENCE_MS = 60_000;

export async function startDemo(): Promise<Demo> {
  const program = process.env["ROLLCALL"];
  if (program === undefined) throw new Error("ROLLCALL must be the path of the rollcall binary");
  const child = spawn(program, ["demo", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    return { ...(await announced(child)), stop: () => stop(child) };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

async function announced(child: ChildProcess): Promise<{ url: string; token: string }> {
  const output = child.stdout;
  if (output === null) throw new Error("the demo has no output");
  return await new Promise((resolve, reject) => {
    let text = "";
    const late = setTimeout(() => reject(new Error(`the demo did not say where it listens:\n${text}`)), PATIENCE_MS);
    output.setEncoding("utf8");
    output.on("data", (chunk: string) => {
      text += chunk;
      const token = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(text)?.[0];
      const url = /http:\/\/127\.0\.0\.1:\d+(?=\/v1\/live-sessions)/.exec(text)?.[0];
      if (token !== undefined && url !== undefined) {
        clearTimeout(late);
        resolve({ url, token });
      }
    });
    child.once("exit", (code) => reject(new Error(`the demo ended with ${code}:\n${text}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const [code] = await ended;
  if (code !== 0) throw new Error(`the demo ended with ${code} after SIGTERM`);
}
