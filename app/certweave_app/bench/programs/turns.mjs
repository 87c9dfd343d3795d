// The loop of a peer's program in JavaScript; the protocol is that of turns.py.
import {createInterface} from "node:readline";
import {readFileSync} from "node:fs";

const say = answer => process.stdout.write(`${JSON.stringify(answer)}\n`);

export const version = name =>
  JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;

async function gather(makers, setup) {
  const works = new Map(), leftOut = {};
  for(const [route, make] of Object.entries(makers)) {
    try {
      const {issue, verify} = await make(setup);
      await verify();
      works.set(`issue ${route}`, issue).set(`verify ${route}`, verify);
    } catch(error) {
      leftOut[route] = `${error.name}: ${error.message}`.slice(0, 200);
    }
  }
  return {works, leftOut};
}

export async function serve(name, itsVersion, makers) {
  let works = null;
  for await (const line of createInterface({input: process.stdin})) {
    const given = JSON.parse(line);
    if(works === null) {
      const found = await gather(makers, given);
      works = found.works;
      const listed = [...works.keys()].map(key => key.split(" "));
      say({name, version: itsVersion, works: listed, left_out: found.leftOut});
      continue;
    }
    const once = works.get(`${given.act} ${given.route}`), start = process.hrtime.bigint();
    let done = 0, spent = 0;
    while(spent < given.seconds) {
      await once();
      done += 1;
      spent = Number(process.hrtime.bigint() - start) / 1e9;
    }
    say({done, spent});
  }
}
