package dev.vitrine.testing;

import java.util.Arrays;
import java.util.Random;

/**
 * Damages files the way accidents and attackers do: flipped bits, extreme numbers, pieces that are cut out, doubled or
 * swapped, an early end. The same seed makes the same files.
 */
public final class Mutator {
    private static final int[] EXTREMES = {0, 1, 0x7f, 0x80, 0xfe, 0xff};

    private final Random random;

    public Mutator(long seed) {
        this.random = new Random(seed);
    }

    /** A damaged copy; between one and eight damages, most of them near the start, where headers are. */
    public byte[] mutate(byte[] file) {
        byte[] mutated = file.clone();
        for (int damages = 1 + random.nextInt(8); damages > 0 && mutated.length > 1; damages--) {
            mutated = damage(mutated);
        }
        return mutated;
    }

    /** An index below the bound, in half of the cases among the first 64. */
    private int place(int bound) {
        return random.nextBoolean() ? random.nextInt(Math.min(bound, 64)) : random.nextInt(bound);
    }

    private byte[] damage(byte[] file) {
        int at = place(file.length);
        int length = 1 + random.nextInt(Math.min(file.length - at, 1 << random.nextInt(10)));
        switch (random.nextInt(8)) {
            case 0, 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> file[at] = (byte) EXTREMES[random.nextInt(EXTREMES.length)];
            case 3 -> Arrays.fill(file, at, Math.min(file.length, at + 4), (byte) EXTREMES[random.nextInt(6)]);
            case 4 -> {
                return Arrays.copyOf(file, Math.max(1, file.length - random.nextInt(file.length)));
            }
            case 5 -> {
                byte[] shorter = Arrays.copyOf(file, file.length - length);
                System.arraycopy(file, at + length, shorter, at, file.length - at - length);
                return shorter;
            }
            case 6 -> {
                byte[] longer = Arrays.copyOf(file, file.length + length);
                System.arraycopy(file, at, longer, at + length, file.length - at);
                return longer;
            }
            default -> System.arraycopy(file.clone(), place(file.length - length + 1), file, at, length);
        }
        return file;
    }
}
