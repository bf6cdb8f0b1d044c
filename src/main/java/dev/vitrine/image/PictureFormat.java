package dev.vitrine.image;

/** The formats a shop may send. Found from a file's bytes, never from its name. */
public enum PictureFormat {
    JPEG("image/jpeg"),
    PNG("image/png"),
    GIF("image/gif"),
    WEBP("image/webp"),
    BMP("image/bmp"),
    TIFF("image/tiff");

    private final String mediaType;

    PictureFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    /** The media type as the IANA registry names it, such as {@code image/jpeg}. */
    public String mediaType() {
        return mediaType;
    }
}
