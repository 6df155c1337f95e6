// After all tests: stops what setup.js started.
module.exports = async () => {
  for (const stop of globalThis.__limbeckServers ?? []) await stop();
};
