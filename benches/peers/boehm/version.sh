# Prints the version of the collector that a program would be built with.
printf '#include <gc.h>\nGC_VERSION_MAJOR GC_VERSION_MINOR GC_VERSION_MICRO\n' | cc -E -P - | tail -1 | tr ' ' .
