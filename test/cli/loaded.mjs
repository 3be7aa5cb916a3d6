// Prints, when a program ends, which of Node's modules for the network it has loaded: a measure of what else it has.
process.on('exit', () => {
  const network = ['NativeModule http', 'NativeModule https', 'NativeModule tls', 'NativeModule zlib'];
  process.stderr.write(JSON.stringify(process.moduleLoadList.filter((name) => network.includes(name))));
});
