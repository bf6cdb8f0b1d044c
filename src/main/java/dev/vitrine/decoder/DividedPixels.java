package dev.vitrine.decoder;

import dev.vitrine.image.PictureHeader;
import dev.vitrine.image.PixelSource;
import dev.vitrine.image.PlainPictures;
import dev.vitrine.image.ShrunkPicture;
import java.io.IOException;
import java.nio.file.Path;

/** Plain pictures are decoded here, where that is quickest, and all others where they can do no harm. */
final class DividedPixels implements PixelSource {
    private final PlainPictures plain = new PlainPictures();
    private final PixelSource here;
    private final PixelSource apart;

    DividedPixels(PixelSource here, PixelSource apart) {
        this.here = here;
        this.apart = apart;
    }

    @Override
    public ShrunkPicture shrink(Path file, PictureHeader header) throws IOException, InterruptedException {
        return (plain.contain(file, header) ? here : apart).shrink(file, header);
    }
}
