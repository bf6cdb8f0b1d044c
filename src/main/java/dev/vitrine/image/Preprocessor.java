package dev.vitrine.image;

import java.nio.FloatBuffer;

/**
 * Turns pictures into a model's input as {@link Preprocessing} asks, equal to Pillow and Hugging Face's {@code
 * CLIPImageProcessor} to the byte for the pixels, and to the last bit for the floats. Safe for many threads.
 */
public final class Preprocessor {

    private final Preprocessing settings;
    private final float[][] normalised = new float[3][256];
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    public Preprocessor(Preprocessing settings) {
        this.settings = settings;
        for (int channel = 0; channel < 3; channel++) {
            float mean = settings.mean().get(channel).floatValue();
            float std = settings.std().get(channel).floatValue();
            for (int value = 0; value < 256; value++) {
                normalised[channel][value] = ((float) (value * settings.rescale()) - mean) / std;
            }
        }
    }

    public Preprocessing settings() {
        return settings;
    }

    /** How many floats a picture's tensor has: 3 channels times height times width. */
    public int floats() {
        return 3 * settings.output().width() * settings.output().height();
    }

    /** The resized and cropped picture before normalisation. */
    public Pixels resize(Pixels picture) {
        Resampler resampler = start(new PictureHeader(null, picture.width(), picture.height(), 1), Orientation.UPRIGHT);
        for (int y = 0; y < picture.height(); y++) {
            resampler.row(y, picture.rgb(), 3 * y * picture.width());
        }
        return finish(resampler);
    }

    /**
     * Writes a picture's tensor, channel-major (CHW): all of red, then green, then blue, each row-major.
     *
     * @param tensor gets {@link #floats()} floats at its position, which moves behind them
     */
    public void write(Pixels picture, FloatBuffer tensor) {
        normalise(resize(picture), tensor);
    }

    Resampler start(PictureHeader header, Orientation turn) {
        return new Resampler(settings, header, turn, scratch.get());
    }

    Pixels finish(Resampler resampler) {
        byte[] rgb = new byte[floats()];
        resampler.finish(rgb);
        return new Pixels(settings.output().width(), settings.output().height(), rgb);
    }

    /** Normalises a picture that has the output's size already; row by row, as an array of it all would be 4 bytes a value. */
    void normalise(Pixels resized, FloatBuffer tensor) {
        byte[] rgb = resized.rgb();
        float[] row = new float[resized.width()];
        for (int channel = 0; channel < 3; channel++) {
            float[] table = normalised[channel];
            for (int from = channel; from < rgb.length; ) {
                for (int x = 0; x < row.length; x++, from += 3) {
                    row[x] = table[rgb[from] & 0xff];
                }
                tensor.put(row);
            }
        }
    }
}
