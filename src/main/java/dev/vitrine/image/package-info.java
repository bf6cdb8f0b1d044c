/** From a picture file to a model's input: safe inspection, decoding to RGB, Pillow's resampling, normalisation. */
package dev.vitrine.image;
