//! TLS with certificates from files, and clients that must show one too.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use client::{Address, Client, Connection, Identity, Memory};
use ledger::AccountId;
use ledger::act::Give;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use timebank_tests::bank::Bank;

use crate::world::{World, minutes};

on_both!(
    a_client_that_trusts_the_authority_is_served_over_tls,
    a_client_without_a_certificate_is_refused_where_one_is_asked_for,
);

/// A certificate and its key, both PEM.
struct Pair {
    certificate: String,
    key: String,
}

/// Who signs certificates.
struct Authority {
    certificate: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Result<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?.pem();
        let issuer = Issuer::new(params, key);
        Ok(Self {
            certificate,
            issuer,
        })
    }

    fn signs(&self, name: &str) -> Result<Pair> {
        let key = KeyPair::generate()?;
        let params = CertificateParams::new(vec![name.to_owned()])?;
        let certificate = params.signed_by(&key, &self.issuer)?.pem();
        let key = key.serialize_pem();
        Ok(Pair { certificate, key })
    }
}

/// Starts the server anew with TLS; with an authority, clients need a
/// certificate of it.
async fn begin(world: &mut World, server: &Pair, clients: Option<&Authority>) -> Result<Bank> {
    world.end().await?;
    let file = |name: &str, pem: &str| -> Result<String> {
        let path: PathBuf = world.plan.data.join(name);
        std::fs::write(&path, pem)?;
        Ok(path.display().to_string())
    };
    let mut plan = world.plan.clone();
    plan.flags = vec![
        "--tls-cert".to_owned(),
        file("server.pem", &server.certificate)?,
        "--tls-key".to_owned(),
        file("server.key", &server.key)?,
    ];
    if let Some(clients) = clients {
        let authorities = file("clients.pem", &clients.certificate)?;
        plan.flags
            .extend(["--tls-client-ca".to_owned(), authorities]);
    }
    plan.start()
}

async fn connect(address: &Address) -> Result<Client, client::ClientError> {
    let connection = Connection::open(address).await?;
    let client = Client::connect(connection, Arc::new(Memory::volatile()), None).await?;
    Ok(client.with_attempts_max(1))
}

async fn is_refused(address: &Address) {
    let reason = connect(address)
        .await
        .err()
        .map(|it| it.reason().to_owned());
    assert_eq!(reason.as_deref(), Some("NO_CONNECTION"));
}

/// Acts and reads, and ends the server.
async fn act(world: &mut World, bank: Bank, client: &Client) -> Result<()> {
    let giver = world.member(0);
    let client = client.acting_as(Identity {
        member: giver.id,
        key: giver.key.clone(),
    });
    let gift = Give {
        recipient: world.member(1).id,
        minutes: minutes(60)?,
    };
    client.submit(gift, None).await?;
    let standing = client.account(AccountId::Member(giver.id)).await?;
    assert_eq!(standing.available, 540);
    tokio::task::spawn_blocking(|| bank.end()).await??;
    world.begin().await?;
    Ok(())
}

async fn a_client_that_trusts_the_authority_is_served_over_tls(world: &mut World) -> Result<()> {
    let authority = Authority::new()?;
    let bank = begin(world, &authority.signs("127.0.0.1")?, None).await?;
    let url = format!("https://{}", bank.address);
    is_refused(&Address::new(bank.url())).await;
    let stranger = Authority::new()?.certificate;
    is_refused(&Address::new(url.as_str()).with_ca(stranger.into())).await;
    let trusted = Address::new(url).with_ca(authority.certificate.clone().into());
    let client = connect(&trusted).await?;
    act(world, bank, &client).await?;
    // A certificate for another name is not this server's.
    let bank = begin(world, &authority.signs("bank.example")?, None).await?;
    let url = format!("https://{}", bank.address);
    is_refused(&Address::new(url).with_ca(authority.certificate.into())).await;
    tokio::task::spawn_blocking(|| bank.end()).await??;
    world.begin().await?;
    Ok(())
}

async fn a_client_without_a_certificate_is_refused_where_one_is_asked_for(
    world: &mut World,
) -> Result<()> {
    let (servers, clients) = (Authority::new()?, Authority::new()?);
    let bank = begin(world, &servers.signs("127.0.0.1")?, Some(&clients)).await?;
    let url = format!("https://{}", bank.address);
    let address = Address::new(url).with_ca(servers.certificate.clone().into());
    is_refused(&address).await;
    let with = |pair: Pair| {
        let (certificate, key) = (pair.certificate.into(), pair.key.into());
        address.clone().with_client_certificate(certificate, key)
    };
    is_refused(&with(servers.signs("member")?)).await;
    let client = connect(&with(clients.signs("member")?)).await?;
    act(world, bank, &client).await
}
