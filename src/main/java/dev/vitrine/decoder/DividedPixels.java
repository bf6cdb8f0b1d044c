package dev.vitrine.decoder;

import dev.vitrine.image.PictureHeader;
import dev.vitrine.image.PixelSource;
import dev.vitrine.image.PlainPictures;
import dev.vitrine.image.ShrunkPicture;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Plain pictures of no more than so many pixels are decoded here, where that is quickest, and all others where they can do
 * no harm.
 */
final class DividedPixels implements PixelSource {
    private final PlainPictures plain = new PlainPictures();
    private final PixelSource here;
    private final PixelSource apart;
    private final long mostHere;

    /** @param mostHere pixels of a picture that is decoded here */
    DividedPixels(PixelSource here, PixelSource apart, long mostHere) {
        this.here = here;
        this.apart = apart;
        this.mostHere = mostHere;
    }

    @Override
    public ShrunkPicture shrink(Path file, PictureHeader header) throws IOException, InterruptedException {
        boolean isHere = header.pixels() <= mostHere && plain.contain(file, header);
        return (isHere ? here : apart).shrink(file, header);
    }
}
