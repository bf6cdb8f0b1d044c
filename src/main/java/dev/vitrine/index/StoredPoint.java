package dev.vitrine.index;

/**
 * A point as an index holds it.
 *
 * @param id the {@linkplain PointIds point id} as text
 * @param product the payload
 * @param vector of length 1; null where vectors were not asked for
 */
public record StoredPoint(String id, Product product, float[] vector) {}
