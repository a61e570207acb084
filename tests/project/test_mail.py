"""Mail where EMAIL_URL names no server."""

from django.core.mail import EmailMessage, get_connection


def test_mail_without_a_server_is_shown_as_its_reader_would_see_it(capsys):
    connection = get_connection("cms.mail.EmailBackend")
    mail = EmailMessage(
        "Asked for: „Kaposi“",
        "Please look.\n\nhttps://example.org/\n",
        "from@example.org",
        ["bob@example.org"],
    )

    connection.send_messages([mail])

    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == (
        "\nMail to bob@example.org: Asked for: „Kaposi“\n    Please look.\n\n    https://example.org/\n\n"
    )
