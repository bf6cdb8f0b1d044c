/** The catalogue of models, and how one gets from the catalogue into the folder of models. */
package dev.vitrine.clip.install;
