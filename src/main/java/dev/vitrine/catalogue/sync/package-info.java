/** Brings a catalogue into an index: what is new is sent, what is known is not, what is gone may be removed. */
package dev.vitrine.catalogue.sync;
