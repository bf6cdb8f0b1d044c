/** Starts real servers on free ports of this machine, for the benchmark and the tests. */
package dev.vitrine.servers;
