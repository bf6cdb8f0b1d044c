package dev.vitrine.clip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Tries an image tower on pictures of its own. */
final class TowerTrial {
    /** How far two vectors of the same picture may differ and still count as the same. */
    private static final float TOLERANCE = 1e-5f;

    private TowerTrial() {}

    static float[] warmUp(ImageTower tower, FloatBuffer pixels, int count, ModelFolder folder) {
        try {
            float[] first = tower.run(pixels, count)[0];
            if (!UnitLength.scale(first)) {
                throw new ModelException(
                        folder.imageTower() + " gives no usable vector for a test picture; install the model anew");
            }
            return first;
        } catch (ModelException e) {
            throw e;
        } catch (Exception e) {
            throw new ModelException(folder.imageTower() + " fails on a test picture: " + e.getMessage(), e);
        }
    }

    static boolean differ(float[] a, float[] b) {
        for (int i = 0; i < a.length; i++) {
            if (Math.abs(a[i] - b[i]) > TOLERANCE) {
                return true;
            }
        }
        return false;
    }

    /** Smooth waves; a higher {@code kind} has a higher contrast, which shows scales that are shared. */
    static FloatBuffer testPicture(int side, int kind) {
        FloatBuffer picture = allocate(1, side);
        for (int i = 0; i < picture.capacity(); i++) {
            picture.put(i, (1 + kind) * (0.3f + (float) Math.sin(i * 0.001 * (1 + kind))));
        }
        return picture;
    }

    static FloatBuffer allocate(int pictures, int side) {
        return ByteBuffer.allocateDirect(pictures * 3 * side * side * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
