/**
 * Keeps strangers' pictures from harming the service: decides which are decoded here and which in a child process, runs
 * those processes, bounds their processor time and memory, and bounds how many searches prepare a picture at once. What a
 * picture is, and how it is decoded, is {@code dev.vitrine.image}'s; nothing of HTTP or of the queue belongs here.
 */
package dev.vitrine.decoder;
