/**
 * How a setting is named, read, checked and documented. Which settings there are is decided by the rooms: each has a
 * record of its own with a list of what it reads.
 */
package dev.vitrine.settings;
