package dev.vitrine.catalogue.read;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Gives up on a row that does not end, as where a quotation mark is never closed, before it fills the memory. */
final class BoundedReader extends FilterReader {
    private static final int MOST_CHARS = 8 * 1024 * 1024;

    private int left = MOST_CHARS;

    BoundedReader(Reader in) {
        super(in);
    }

    /** A new row begins. */
    void allow() {
        left = MOST_CHARS;
    }

    @Override
    public int read() throws IOException {
        int c = super.read();
        count(c < 0 ? 0 : 1);
        return c;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        count(Math.max(n, 0));
        return n;
    }

    private void count(int chars) throws IOException {
        left -= chars;
        if (left < 0) {
            throw new CatalogueException("the row has more than " + MOST_CHARS / 1024 / 1024
                    + " million characters; look for a quotation mark that is not closed");
        }
    }
}
