package dev.vitrine.catalogue.read;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Google Merchant's feed as RSS 2.0 or Atom. Document types, and with them entities of one's own, are refused. */
final class MerchantXml implements Catalogue {
    private static final String GOOGLE = "http://base.google.com/ns/1.0";
    private static final Set<String> ITEMS = Set.of("item", "entry");
    private static final int MOST_DECLARATION_CHARS = 200;
    private static final Pattern DECLARED = Pattern.compile("^\\s*<\\?xml[^>]*encoding\\s*=");
    private static final int MOST_CHARS = 1024 * 1024;

    private final Encoding encoding;
    private final Closeable in;
    private final XMLStreamReader xml;
    private final Deque<ProductRow> ready = new ArrayDeque<>();

    MerchantXml(Path file, Encoding encoding) throws IOException {
        this.encoding = encoding;
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        boolean isDeclared = saysItsCharset(file, encoding);
        InputStream bytes = isDeclared ? encoding.bytes(file) : null;
        Reader text = isDeclared ? null : encoding.reader(file);
        this.in = isDeclared ? bytes : text;
        try {
            this.xml = isDeclared ? factory.createXMLStreamReader(bytes) : factory.createXMLStreamReader(text);
        } catch (XMLStreamException e) {
            in.close();
            throw unreadable(e);
        }
    }

    /** Some feeds are not in UTF-8 and do not say so. */
    private static boolean saysItsCharset(Path file, Encoding encoding) throws IOException {
        try (Reader text = encoding.reader(file)) {
            char[] head = new char[MOST_DECLARATION_CHARS];
            int n = text.read(head);
            return n > 0 && DECLARED.matcher(new String(head, 0, n)).find();
        }
    }

    @Override
    public String description() {
        return "Google Merchant, XML" + (encoding.isGzip() ? ", gzip" : "");
    }

    @Override
    public Optional<ProductRow> next(Consumer<Fault> faults) throws IOException {
        try {
            while (ready.isEmpty() && xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamConstants.DTD) {
                    throw new CatalogueException("The feed has a document type, which is not read; export it without");
                }
                if (event == XMLStreamConstants.START_ELEMENT && ITEMS.contains(xml.getLocalName())) {
                    ready.addAll(item().rows());
                }
            }
            return Optional.ofNullable(ready.poll());
        } catch (XMLStreamException e) {
            throw unreadable(e);
        }
    }

    private MerchantItem item() throws XMLStreamException {
        MerchantItem item = new MerchantItem(xml.getLocation().getLineNumber());
        int depth = 1;
        while (depth > 0) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                String name = xml.getLocalName();
                boolean isGoogles = GOOGLE.equals(xml.getNamespaceURI());
                String text = text();
                // Atom's own id and title are a URL and often the same words
                if (isGoogles || name.equals("title") || name.equals("description") || name.equals("summary")) {
                    item.add(name.equals("summary") ? "description" : name, text);
                }
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            }
        }
        return item;
    }

    /** The text of the element that has begun, without that of elements in it. */
    private String text() throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        int depth = 1;
        while (depth > 0) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> depth++;
                case XMLStreamConstants.END_ELEMENT -> depth--;
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (depth == 1 && text.length() < MOST_CHARS) {
                        text.append(xml.getText());
                    }
                }
                default -> {}
            }
        }
        return text.toString().strip();
    }

    private static CatalogueException unreadable(XMLStreamException e) {
        int line = e.getLocation() == null ? 0 : e.getLocation().getLineNumber();
        String why = String.valueOf(e.getMessage()).replaceAll("(?s).*Message: ", "");
        return new CatalogueException("The feed is no well-formed XML at line " + line + ": " + why, e);
    }

    @Override
    public void close() throws IOException {
        try {
            xml.close();
        } catch (XMLStreamException e) {
            throw unreadable(e);
        } finally {
            in.close();
        }
    }
}
