use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_sdk_sesv2::config::SharedCredentialsProvider;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

fn mailer(address: std::net::SocketAddr) -> Mailer {
    let credentials = Credentials::new("test", "test", None, None, "test");
    let aws = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(format!("http://{address}"))
        .build();
    Mailer::new(&aws, None)
}

#[tokio::test]
async fn a_mail_waits_for_its_turn() {
    let nowhere = std::net::SocketAddr::from(([127, 0, 0, 1], 1));
    let mut mailer = mailer(nowhere);
    mailer.turn().await;
    mailer.turn().await;
    mailer.pace = NonZeroU32::new(1).map(pace);
    mailer.turn().await;
    let next = std::pin::pin!(mailer.turn());
    assert!(futures::poll!(next).is_pending());
}

fn mail() -> Mail {
    Mail {
        from: "noreply@lectern.example".to_owned(),
        to: "ana@school.example".to_owned(),
        raw: b"Subject: x\r\n\r\nx".to_vec(),
    }
}

/// What the mailer makes of a server that gives every request this answer and then hangs up, and how often it
/// asked.
async fn answered(answer: &'static str) -> (Result<(), MailerError>, usize) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let server = tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 8192];
            let read = socket.read(&mut buffer).await.unwrap();
            assert!(read > 0);
            counter.fetch_add(1, Ordering::SeqCst);
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let result = mailer(address).send(mail()).await;
    server.abort();
    (result, asked.load(Ordering::SeqCst))
}

#[tokio::test]
async fn what_ses_says_decides_and_it_is_asked_once() {
    let (taken, asked) = answered("HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{\"MessageId\":\"1\"}").await;
    assert_eq!((taken, asked), (Ok(()), 1));

    let (refused, asked) = answered(
        "HTTP/1.1 400 Bad Request\r\nx-amzn-errortype: MessageRejected\r\ncontent-length: 24\r\n\r\n\
         {\"message\":\"not so big\"}",
    )
    .await;
    assert_eq!((refused, asked), (Err(MailerError::Refused("MessageRejected: not so big".to_owned())), 1));

    let (busy, asked) = answered(
        "HTTP/1.1 429 Too Many\r\nx-amzn-errortype: TooManyRequestsException\r\ncontent-length: 2\r\n\r\n{}",
    )
    .await;
    assert_eq!((busy, asked), (Err(MailerError::NotNow("TooManyRequestsException".to_owned())), 1));

    let (broken, asked) = answered("HTTP/1.1 500 Oh\r\ncontent-length: 2\r\n\r\n{}").await;
    assert!(matches!(broken, Err(MailerError::NotNow(_))), "{broken:?}");
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn no_answer_is_unclear_and_not_asked_for_again() {
    let (hung_up, asked) = answered("").await;
    assert!(matches!(hung_up, Err(MailerError::Unclear(_))), "{hung_up:?}");
    assert_eq!(asked, 1);
    let (garbled, asked) = answered("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{{{").await;
    assert!(matches!(garbled, Err(MailerError::Unclear(_))), "{garbled:?}");
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn without_a_connection_nothing_has_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let refused = mailer(address).send(mail()).await;
    assert_eq!(refused, Err(MailerError::NotNow("no connection".to_owned())));
}
