//! `MsgBody` in the vendor's form, as it was sent: through the store and through a client's elements.

use anyhow::Result;
use serde_json::{Value, json};
use yidu_proto::ElementKind;
use yidu_testkit::TestServer;
use yidu_testkit::words::with;

fn every_type() -> Value {
    let inner = json!([{"MsgType": "TIMTextElem", "MsgContent": {"Text": "inside"}}]);
    json!([
        {"MsgType": "TIMTextElem", "MsgContent": {"Text": "你好 👋"}},
        {"MsgType": "TIMCustomElem", "MsgContent": {"Data": "d", "Desc": "e", "Ext": "x", "Sound": "s"}},
        {"MsgType": "TIMFaceElem", "MsgContent": {"Index": 6, "Data": "f"}},
        {"MsgType": "TIMLocationElem", "MsgContent": {"Desc": "here", "Latitude": 29.340656774469956, "Longitude": 116.77497920478824}},
        {"MsgType": "TIMImageElem", "MsgContent": {"UUID": "i", "ImageFormat": 1, "ImageInfoArray": [
            {"Type": 1, "Size": 1_853_095_u64, "Width": 2448, "Height": 3264, "URL": "https://x/1"},
            {"Type": 3, "Size": 1, "Width": 2, "Height": 3, "URL": "https://x/3"}]}},
        {"MsgType": "TIMSoundElem", "MsgContent": {"Url": "https://x/s", "UUID": "s", "Size": 62_351, "Second": 4, "Download_Flag": 2}},
        {"MsgType": "TIMFileElem", "MsgContent": {"Url": "https://x/f", "UUID": "f", "FileSize": 1_773_552, "FileName": "a.docx", "Download_Flag": 2}},
        {"MsgType": "TIMVideoFileElem", "MsgContent": {"VideoUrl": "https://x/v", "VideoUUID": "v", "VideoSize": 1_194_603, "VideoSecond": 5,
            "VideoFormat": "mp4", "VideoDownloadFlag": 2, "ThumbUrl": "https://x/t", "ThumbUUID": "t", "ThumbSize": 13_907,
            "ThumbWidth": 720, "ThumbHeight": 1280, "ThumbFormat": "JPG", "ThumbDownloadFlag": 2}},
        {"MsgType": "TIMRelayElem", "MsgContent": {"Title": "talk", "MsgNum": 2, "CompatibleText": "update", "AbstractList": ["a: inside", "b: inside"],
            "MsgList": [
                {"From_Account": "a", "GroupId": "g", "MsgSeq": 85, "MsgRandom": 4_196_251, "MsgTimeStamp": 1_664_437_703, "MsgBody": inner},
                {"From_Account": "b", "To_Account": "a", "MsgSeq": 1, "MsgRandom": 2, "MsgTimeStamp": 3, "MsgBody": inner, "CloudCustomData": "c"}]}},
    ])
}

#[tokio::test]
async fn every_type_through_the_store() -> Result<()> {
    let mut server = TestServer::start().await?;
    let body = every_type();
    let mut rest = server.rest().await?;
    let mut people = server.users(&["alice", "bob"]).await?;
    rest.ok(
        "openim/sendmsg",
        json!({"From_Account": "alice", "To_Account": "bob", "MsgRandom": 1, "MsgBody": body}),
    )
    .await?;
    let heard = people[1].hears("你好 👋").await?;
    assert_eq!(heard.elements.len(), 9);
    assert!(heard.elements.iter().all(|element| matches!(element.kind(), Ok(Some(_)))));
    let Ok(Some(ElementKind::Image(image))) = heard.elements[4].kind() else { panic!("another element") };
    assert_eq!((image.variants[0].width, image.variants[1].url.as_str()), (2448, "https://x/3"));

    server.restart().await?;
    let mut rest = server.rest().await?;
    let roaming = json!({"Operator_Account": "bob", "Peer_Account": "alice", "MaxCnt": 10, "MinTime": 0, "MaxTime": u32::MAX});
    let page = rest.ok("openim/admin_getroammsg", roaming).await?;
    assert_eq!(page["MsgList"][0]["MsgBody"], body);
    Ok(())
}

#[tokio::test]
async fn what_a_client_sent_is_told_in_the_vendors_form() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let mut people = server.users(&["alice", "bob"]).await?;
    people[0].says(&with("bob"), "from a client").await?;
    let roaming = json!({"From_Account": "alice", "To_Account": "bob", "MaxCnt": 10, "MinTime": 0, "MaxTime": u32::MAX});
    let page = rest.ok("openim/admin_getroammsg", roaming).await?;
    let body = json!([{"MsgType": "TIMTextElem", "MsgContent": {"Text": "from a client"}}]);
    assert_eq!(page["MsgList"][0]["MsgBody"], body);
    Ok(())
}

#[tokio::test]
async fn an_element_without_what_it_needs_is_named() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    server.user("bob").await?;
    for (element, field) in [
        (json!({"MsgType": "TIMTextElem", "MsgContent": {}}), "Text"),
        (json!({"MsgType": "TIMTextElem", "MsgContent": {"Text": 1}}), "Text"),
        (json!({"MsgType": "TIMLocationElem", "MsgContent": {"Desc": "x", "Latitude": 1.0}}), "Longitude"),
        (json!({"MsgType": "TIMFaceElem", "MsgContent": {"Index": "x"}}), "Index"),
        (json!({"MsgType": "TIMGroupTipElem", "MsgContent": {}}), "TIMGroupTipElem"),
        (json!({"MsgContent": {"Text": "x"}}), "MsgType"),
    ] {
        let message = json!({"To_Account": "bob", "MsgRandom": 1, "MsgBody": [element]});
        let (code, why) = rest.refusal("openim/sendmsg", message).await?;
        assert_eq!(code, 90010, "{element}: {why}");
        assert!(why.contains("MsgBody[0]") && why.contains(field), "{element}: {why}");
    }
    Ok(())
}
