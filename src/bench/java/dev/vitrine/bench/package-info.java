/** {@code ./vitrine bench}: what this machine's service does, as ratios to what the machine can do, in one run. */
package dev.vitrine.bench;
