//! One file a document, a folder a host.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Document, HashedFile, Sink, markdown, name, tei};
use crate::corpus::{CorpusError, FileEntry, Format, Render};

pub struct Tree<'a> {
    folder: PathBuf,
    prefix: String,
    format: Format,
    render: Option<Render<'a>>,
    hosts: HashSet<String>,
    names: HashSet<String>,
    done: Vec<FileEntry>,
}

impl<'a> Tree<'a> {
    /// Below a folder of its own for each part of the corpus, where there are parts.
    pub fn new(folder: &Path, split: Option<&str>, format: Format, render: Option<Render<'a>>) -> Self {
        let prefix = split.map(|split| format!("{split}/")).unwrap_or_default();
        let (hosts, names) = (HashSet::new(), HashSet::new());
        Self { folder: folder.to_owned(), prefix, format, render, hosts, names, done: Vec::new() }
    }

    fn body(&self, document: &Document<'_>) -> Result<String, CorpusError> {
        match self.format {
            Format::Markdown => markdown::page(document, self.render),
            Format::Tei => Ok(tei::page(&document.record)),
            _ => Ok(document.record.text.clone()),
        }
    }

    fn path(&mut self, document: &Document<'_>) -> Result<String, CorpusError> {
        let host = format!("{}{}", self.prefix, name::host(&document.record.url));
        if self.hosts.insert(host.clone()) {
            let path = self.folder.join(&host);
            fs::create_dir_all(&path).map_err(CorpusError::io("make", &path))?;
        }
        let extension = match self.format {
            Format::Markdown => "md",
            Format::Tei => "xml",
            _ => "txt",
        };
        let path = |id: &str| format!("{host}/{}-{id}.{extension}", name::slug(&document.record.url));
        let id = document.record.id.to_string();
        let short = path(&id[..name::ID_DIGITS]);
        let path = if self.names.contains(&short) { path(&id) } else { short };
        self.names.insert(path.clone());
        Ok(path)
    }
}

impl Sink for Tree<'_> {
    fn put(&mut self, document: Document<'_>) -> Result<(), CorpusError> {
        let name = self.path(&document)?;
        let mut body = self.body(&document)?;
        if !body.ends_with('\n') {
            body.push('\n');
        }
        let mut file = HashedFile::create(&self.folder, &name)?;
        file.put(body.as_bytes())?;
        self.done.push(file.finish(1)?);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Vec<FileEntry>, CorpusError> {
        Ok(self.done)
    }
}
