package dev.vitrine.spool;

/**
 * What the spool takes.
 *
 * @param files how many there are, records, pictures and what is being written
 * @param bytes how large they are together
 * @param freeBytes what its disk has left for this process
 */
public record SpoolUse(long files, long bytes, long freeBytes) {}
