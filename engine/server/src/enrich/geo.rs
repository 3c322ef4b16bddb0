//! Geo data: files of places and networks, asked in the order in which they were given.

use std::net::IpAddr;
use std::path::Path;
use std::time::UNIX_EPOCH;
use std::{fs, io};

use doorward_core::address;
use doorward_core::enrichment::Operator;
use doorward_core::place::{ACCURACY_KM_DEFAULT, Place, Point};
use doorward_core::time::{SECOND_MS, Timestamp};
use doorward_core::value::Cause;
use sha2::{Digest, Sha256};

use super::geo_error::GeoError;
use super::mmdb::Mmdb;
use super::ranges::Ranges;

/// Bytes of the content hash that name an edition. Enough to tell editions apart, short enough to read.
const HASH_BYTES: usize = 6;

/// Every geo data file. Answers for a place come from the first file that knows one, and the same for
/// networks, so that a city file and an ASN file, or one file per address family, work together.
#[derive(Debug, Default)]
pub struct GeoData {
    sources: Vec<Source>,
    warnings: Vec<GeoError>,
    /// How old a file may be at the time of an attempt.
    stale_after_ms: Option<i64>,
}

/// Which data was looked into: the name of a file and its edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// The file's name without its extension.
    pub name: String,
    /// The day on which an `.mmdb` file was built (`2026-11-01`); the start of the hash of a CSV file's content,
    /// which has no date.
    pub version: String,
    /// When it was built, or when the file was written if it does not tell.
    pub built_at: Option<Timestamp>,
}

impl Edition {
    /// Milliseconds that the data is old at `now`; `None` where nothing tells.
    pub fn age_ms(&self, now: Timestamp) -> Option<i64> {
        self.built_at.map(|built_at| now.since(built_at).max(0))
    }

    /// Whether the data is older at that time than it may be, or of an age that nothing tells.
    pub(super) fn stale(&self, stale_after_ms: Option<i64>, at: Timestamp) -> bool {
        stale_after_ms
            .is_some_and(|limit_ms| self.age_ms(at).is_none_or(|age_ms| age_ms > limit_ms))
    }
}

impl GeoData {
    /// Reads files named `.mmdb` (MaxMind's nested or DB-IP's flat schema) and `.csv` ([range files](super)) into
    /// memory. No file at all is allowed: then every look-up fails.
    pub fn open<P: AsRef<Path>>(paths: &[P]) -> Result<Self, GeoError> {
        let mut geo = Self::default();
        for path in paths {
            geo.add(path.as_ref())?;
        }
        Ok(geo)
    }

    /// Reads range CSV that is part of the program; `name` stands for the file.
    pub fn embedded(name: &str, csv: &str) -> Result<Self, GeoError> {
        let (ranges, warnings) = Ranges::parse(Path::new(name), csv.as_bytes())?;
        let version = content_hash(csv.as_bytes());
        let edition = Edition { name: name.to_owned(), version, built_at: None };
        let sources = vec![Source { edition, data: Data::Ranges(ranges) }];
        Ok(Self { sources, warnings, stale_after_ms: None })
    }

    /// The same, where a file that is older at the time of an attempt answers nothing; `None` lets it answer for good.
    #[must_use]
    pub fn stale_after(self, stale_after_ms: Option<i64>) -> Self {
        Self { stale_after_ms, ..self }
    }

    /// Where the address is and who announces it.
    ///
    /// `missing_input` without an address or with one that cannot name a client on the internet,
    /// `lookup_failed` where no file knows it.
    pub fn look(&self, address: Option<IpAddr>) -> (Result<Place, Cause>, Result<Operator, Cause>) {
        let (place, network) = find(&mut self.sources.iter(), address);
        (place.map(|place| accurate(place, ACCURACY_KM_DEFAULT)), network)
    }

    /// The same at that time, from files that are not too old then, the point's accuracy [untold](ACCURACY_UNTOLD_KM) where
    /// the data has none.
    pub(super) fn find(
        &self,
        address: Option<IpAddr>,
        at: Timestamp,
    ) -> (Result<Place, Cause>, Result<Operator, Cause>) {
        let fresh = |source: &&Source| !source.edition.stale(self.stale_after_ms, at);
        find(&mut self.sources.iter().filter(fresh), address)
    }

    /// The edition of every file, in order.
    pub fn editions(&self) -> impl Iterator<Item = &Edition> {
        self.sources.iter().map(|source| &source.edition)
    }

    /// The files that answer nothing at that time.
    pub fn stale(&self, at: Timestamp) -> impl Iterator<Item = &Edition> {
        self.editions().filter(move |edition| edition.stale(self.stale_after_ms, at))
    }

    /// What is wrong with published files and could be worked around: a person should look.
    pub fn warnings(&self) -> &[GeoError] {
        &self.warnings
    }

    fn add(&mut self, path: &Path) -> Result<(), GeoError> {
        let extension = path.extension().and_then(|extension| extension.to_str());
        let source = match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("mmdb") => mmdb(path)?,
            Some("csv") => {
                let bytes = read(path)?;
                let (ranges, warnings) = Ranges::parse(path, &bytes)?;
                self.warnings.extend(warnings);
                let (version, built_at) = (content_hash(&bytes), written_at(path));
                let edition = Edition { name: stem(path), version, built_at };
                Source { edition, data: Data::Ranges(ranges) }
            }
            _ => return Err(GeoError::Extension { path: path.to_owned() }),
        };
        self.sources.push(source);
        Ok(())
    }
}

/// What one file says of an address.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) place: Option<Place>,
    pub(crate) network: Option<Operator>,
}

impl Found {
    /// A place of which nothing is known is none.
    pub(crate) fn new(place: Place, network: Option<Operator>) -> Self {
        Self { place: Some(place).filter(|place| *place != Place::default()), network }
    }
}

/// The accuracy of a point of which the data tells none, until [`accurate`] assumes one.
const ACCURACY_UNTOLD_KM: f64 = 0.0;

/// The place, with an accuracy if its data told none.
pub(super) fn accurate(mut place: Place, assumed_km: f64) -> Place {
    if let Some(point) = &mut place.point
        && point.accuracy_km == ACCURACY_UNTOLD_KM
    {
        point.accuracy_km = assumed_km;
    }
    place
}

/// A point, unless it lies where nobody lives but where careless data puts what it does not know:
/// at 0° north, 0° east.
pub(crate) fn point(
    latitude: Option<f64>,
    longitude: Option<f64>,
    accuracy_km: Option<f64>,
) -> Option<Point> {
    let (latitude, longitude) = latitude.zip(longitude)?;
    let on_globe = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    if !on_globe || (latitude == 0.0 && longitude == 0.0) {
        return None;
    }
    let accuracy_km = accuracy_km.filter(|km| *km > 0.0).unwrap_or(ACCURACY_UNTOLD_KM);
    Some(Point { latitude, longitude, accuracy_km })
}

#[derive(Debug)]
struct Source {
    edition: Edition,
    data: Data,
}

#[derive(Debug)]
enum Data {
    Mmdb(Mmdb),
    Ranges(Ranges),
}

impl Source {
    fn look(&self, address: IpAddr) -> Option<Found> {
        match &self.data {
            Data::Mmdb(mmdb) => mmdb.look(address),
            Data::Ranges(ranges) => ranges.look(address),
        }
    }
}

fn find(
    sources: &mut dyn Iterator<Item = &Source>,
    address: Option<IpAddr>,
) -> (Result<Place, Cause>, Result<Operator, Cause>) {
    let Some(address) = address.filter(|address| !address::bogus(*address)) else {
        return (Err(Cause::MissingInput), Err(Cause::MissingInput));
    };
    let mut all = Found::default();
    for source in sources {
        let found = source.look(address).unwrap_or_default();
        all.place = all.place.or(found.place);
        all.network = all.network.or(found.network);
        if all.place.is_some() && all.network.is_some() {
            break;
        }
    }
    (all.place.ok_or(Cause::LookupFailed), all.network.ok_or(Cause::LookupFailed))
}

fn mmdb(path: &Path) -> Result<Source, GeoError> {
    let mmdb = Mmdb::parse(path, read(path)?)?;
    let built_ms = i64::try_from(mmdb.built_s()).ok().and_then(|s| s.checked_mul(SECOND_MS));
    let built_at = built_ms.filter(|ms| *ms > 0).map(Timestamp::from_ms);
    let built_at = built_at.or_else(|| written_at(path));
    let version = built_at.and_then(day).unwrap_or_else(|| "undated".to_owned());
    let edition = Edition { name: stem(path), version, built_at };
    Ok(Source { edition, data: Data::Mmdb(mmdb) })
}

fn read(path: &Path) -> Result<Vec<u8>, GeoError> {
    fs::read(path).map_err(|error: io::Error| GeoError::Read { path: path.to_owned(), error })
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

pub(crate) fn content_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(HASH_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

/// When the file was last written, where the system tells.
pub(crate) fn written_at(path: &Path) -> Option<Timestamp> {
    let modified = fs::metadata(path).ok()?.modified().ok()?;
    let ms = modified.duration_since(UNIX_EPOCH).ok()?.as_millis();
    i64::try_from(ms).ok().map(Timestamp::from_ms)
}

pub(crate) fn day(at: Timestamp) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(at.ms()).ok()?;
    Some(at.strftime("%Y-%m-%d").to_string())
}
