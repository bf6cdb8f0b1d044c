/** How lines of the log are written. It depends on nothing of the service. */
package dev.vitrine.log;
