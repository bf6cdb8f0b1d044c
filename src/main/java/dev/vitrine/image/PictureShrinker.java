package dev.vitrine.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Does the work of a {@link PixelSource} in the caller's thread, bounded by nothing. Safe for many threads. */
public final class PictureShrinker implements PixelSource {
    private final boolean reducesLargeJpegs;
    private final PictureInspector inspector;
    private final PictureDecoder decoder;
    private final Preprocessor preprocessor;

    public PictureShrinker(Preparation preparation) {
        this.reducesLargeJpegs = preparation.reducesLargeJpegs();
        this.inspector = new PictureInspector(preparation.maxPixels());
        this.decoder = new PictureDecoder(inspector, preparation.appliesOrientation(), preparation.transparency());
        this.preprocessor = new Preprocessor(preparation.preprocessing());
    }

    /** Inspects a file and shrinks it. */
    public Pixels shrink(Path file) throws IOException {
        return shrink(file, inspector.inspect(file));
    }

    /** @throws OutOfMemoryError when the picture, or all that are decoded at once, take too much */
    @Override
    public Pixels shrink(Path file, PictureHeader header) throws IOException {
        return shrink(Files.readAllBytes(file), header);
    }

    Pixels shrink(byte[] picture, PictureHeader header) {
        int factor = reducesLargeJpegs && header.format() == PictureFormat.JPEG
                ? BoxReducer.factor(header, preprocessor.settings())
                : 1;
        Resampler resampler = preprocessor.start(header.reducedBy(factor), decoder.turn(header));
        decoder.decode(picture, header, factor == 1 ? resampler : new BoxReducer(header.width(), factor, resampler));
        return preprocessor.finish(resampler);
    }
}
