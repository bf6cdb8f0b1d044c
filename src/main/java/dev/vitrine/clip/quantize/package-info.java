/** Makes int8 copies of models. */
package dev.vitrine.clip.quantize;
