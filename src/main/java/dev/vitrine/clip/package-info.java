/** Model folders, ONNX Runtime sessions with dynamic batching, and the image and text encoders. */
package dev.vitrine.clip;
