package dev.vitrine.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Does the work of a {@link PixelSource} in the caller's thread, bounded by nothing. Safe for many threads. */
public final class PictureShrinker implements PixelSource {
    private final boolean reducesLargeJpegs;
    private final PictureInspector inspector;
    private final PictureDecoder decoder;
    private final Preprocessor preprocessor;
    private final Optional<Thumbnailer> thumbnailer;

    public PictureShrinker(Preparation preparation) {
        this.reducesLargeJpegs = preparation.reducesLargeJpegs();
        this.inspector = new PictureInspector(preparation.maxPixels());
        this.decoder = new PictureDecoder(inspector, preparation.appliesOrientation(), preparation.transparency());
        this.preprocessor = new Preprocessor(preparation.preprocessing());
        this.thumbnailer = preparation.makesThumbnails() ? Optional.of(new Thumbnailer()) : Optional.empty();
    }

    /** Inspects a file and shrinks it. */
    public ShrunkPicture shrink(Path file) throws IOException {
        return shrink(file, inspector.inspect(file));
    }

    /** @throws OutOfMemoryError when the picture, or all that are decoded at once, take too much */
    @Override
    public ShrunkPicture shrink(Path file, PictureHeader header) throws IOException {
        return shrink(Files.readAllBytes(file), header);
    }

    ShrunkPicture shrink(byte[] picture, PictureHeader header) {
        int factor = reducesLargeJpegs && header.format() == PictureFormat.JPEG
                ? BoxReducer.factor(header, preprocessor.settings())
                : 1;
        PictureHeader reduced = header.reducedBy(factor);
        Resampler resampler = preprocessor.start(reduced, decoder.turn(header));
        Optional<Thumbnailer.Drawing> drawing = thumbnailer.map(thumbnails -> thumbnails.begin(reduced));
        Rows rows = drawing.isEmpty() ? resampler : both(resampler, drawing.get());
        decoder.decode(picture, header, factor == 1 ? rows : new BoxReducer(header.width(), factor, rows));
        return new ShrunkPicture(preprocessor.finish(resampler), drawing.map(Thumbnailer.Drawing::finish));
    }

    private static Rows both(Rows one, Rows other) {
        return (y, rgb, offset) -> {
            one.row(y, rgb, offset);
            other.row(y, rgb, offset);
        };
    }
}
