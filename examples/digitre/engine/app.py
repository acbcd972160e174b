"""The estimation API: `GET /` says that it is ready, `POST /estimate` estimates the price of a property."""

import os

import mlflow
import pandas as pd
from flask import Flask, jsonify, request

# Name and type of each field of a request.
FIELDS = {"surface": float, "rooms": float, "property_type": str, "postcode": str}


class BadRequest(ValueError):
    """What the caller sent cannot be estimated; the message says why."""


def create_app(model=None) -> Flask:
    """Without a model, the one in the folder that MODEL_PATH names is loaded."""
    app = Flask(__name__)
    model = model or mlflow.pyfunc.load_model(os.environ["MODEL_PATH"])

    @app.get("/")
    def ready():
        return jsonify(status="ready")

    @app.post("/estimate")
    def estimate():
        listing = read(request.get_json(silent=True))
        price = model.predict(pd.DataFrame([listing]))[0]
        return jsonify(price=round(float(price), -2))

    @app.errorhandler(BadRequest)
    def refuse(error: BadRequest):
        return jsonify(error=str(error)), 400

    return app


def read(body: object) -> dict:
    """The features of the model."""
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object")
    missing = [name for name in FIELDS if name not in body]
    if missing:
        raise BadRequest(f"missing: {', '.join(missing)}")
    try:
        listing = {name: convert(body[name]) for name, convert in FIELDS.items()}
    except (TypeError, ValueError) as error:
        raise BadRequest("surface and rooms must be numbers") from error
    listing["department"] = listing.pop("postcode").zfill(5)[:2]
    return listing
