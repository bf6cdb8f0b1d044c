/** Deadlines for work that may never end. */
package dev.vitrine.watchdog;
