"""The service: `GET /` says that it is ready, `POST /score` estimates the quality of wines for who has the key."""

import hmac
import os

from flask import Flask, abort, jsonify, request

FEATURES = ["alcohol", "acidity", "sugar"]


def create_app(model=None, key: str | None = None) -> Flask:
    """Without a model, the one in the folder that MODEL_PATH names is loaded."""
    app = Flask(__name__)
    key = key or os.environ["SERVICE_KEY"]
    if model is None:
        import mlflow

        model = mlflow.pyfunc.load_model(os.environ["MODEL_PATH"])

    @app.get("/")
    def ready():
        return jsonify(status="ready")

    @app.post("/score")
    def score():
        if not hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {key}"):
            abort(401)
        try:
            wines = [{name: float(wine[name]) for name in FEATURES} for wine in request.get_json()["wines"]]
        except (KeyError, TypeError, ValueError):
            return jsonify(error=f"send `wines`, each with {', '.join(FEATURES)}"), 400
        return jsonify(quality=[float(it) for it in model.predict(frame(wines))])

    return app


def frame(wines: list[dict]):
    """A table where pandas is installed, as MLflow wants it."""
    try:
        import pandas as pd
    except ImportError:
        return wines
    return pd.DataFrame(wines)
