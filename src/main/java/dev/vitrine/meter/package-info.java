/** How meters are kept few, and quick to read. It knows nothing of what they measure. */
package dev.vitrine.meter;
